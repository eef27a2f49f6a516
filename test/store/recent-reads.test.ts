import { createRecentReads } from '../../src/store/recent-reads.ts';

function world(most = 10) {
  let now = 1_000;
  let isSilent = false;
  const asked: string[] = [];
  const recent = createRecentReads(
    async (name) => {
      asked.push(name);
      if (isSilent) throw new Error('silent');
      return `${name} ${asked.length}`;
    },
    () => now,
    most,
  );
  return {
    recent,
    asked,
    setClock: (to: number) => {
      now = to;
    },
    silence: (to: boolean) => {
      isSilent = to;
    },
  };
}

it.each([
  ['younger than asked for', 1_099, 100, 'a 1'],
  ['as old as asked for', 1_100, 100, 'a 2'],
  ['wanted as it is now', 1_000, 0, 'a 2'],
  ['from a clock that was set back since', 900, 100, 'a 2'],
  ['of any age that is good enough', 9_999_999, Number.POSITIVE_INFINITY, 'a 1'],
])('what was read is believed or read again: %s', async (_what, at, maxAgeMs, answer) => {
  const { recent, setClock } = world();
  await recent.read('a', 100);
  setClock(at);
  expect(await recent.read('a', maxAgeMs)).toBe(answer);
});

it('who asks meanwhile waits for the same reading', async () => {
  const { recent, asked } = world();
  await Promise.all([recent.read('a', 100), recent.read('a', 100), recent.read('b', 100)]);
  expect(asked).toEqual(['a', 'b']);
});

it('a reading that failed is not remembered', async () => {
  const { recent, silence } = world();
  silence(true);
  await expect(recent.read('a', 100)).rejects.toThrow('silent');
  silence(false);
  expect(await recent.read('a', 100)).toBe('a 2');
});

it('forgets one name, or all', async () => {
  const { recent, asked } = world();
  const readBoth = async () => [await recent.read('a', 100), await recent.read('b', 100)];
  await readBoth();
  recent.forget('a');
  await readBoth();
  recent.forgetAll();
  await readBoth();
  expect(asked).toEqual(['a', 'b', 'a', 'a', 'b']);
});

it('holds no more names than it may', async () => {
  const { recent, asked } = world(2);
  for (const name of ['a', 'b', 'c', 'c', 'a']) await recent.read(name, 100);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});
