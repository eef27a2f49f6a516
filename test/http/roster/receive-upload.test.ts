// Uploads of one district: one at a time, and the next at once where the one before is about to be done.
import { createOneAtATime } from '../../../src/http/roster/receive-upload.ts';

/** Work that ends on request. */
function startWork() {
  let end = (): void => undefined;
  let fail = (): void => undefined;
  const promise = new Promise<string>((resolve, reject) => {
    end = () => resolve('done');
    fail = () => reject(new Error('broken'));
  });
  return { work: () => promise, end: () => end(), fail: () => fail() };
}

const refuse = () => 'refused';

describe('of one key', () => {
  it('the second is refused while the first goes on, and another key is free', async () => {
    const once = createOneAtATime();
    const first = startWork();
    const running = once('a', first.work, refuse);
    expect(await once('a', async () => 'second', refuse)).toBe('refused');
    expect(await once('b', async () => 'other', refuse)).toBe('other');
    first.end();
    expect(await running).toBe('done');
    expect(await once('a', async () => 'third', refuse)).toBe('third');
  });

  it.each(['end', 'fail'] as const)('those that come as the first is about to %s follow one by one', async (how) => {
    const once = createOneAtATime();
    const first = startWork();
    const running = once('a', first.work, refuse).catch(() => 'failed');
    let [now, most] = [0, 0];
    const next = ['second', 'third', 'fourth'].map((name) =>
      once(
        'a',
        async () => {
          now += 1;
          most = Math.max(most, now);
          await new Promise(setImmediate);
          now -= 1;
          return name;
        },
        refuse,
      ),
    );
    first[how]();
    expect(await Promise.all([running, ...next])).toEqual([
      how === 'end' ? 'done' : 'failed',
      'second',
      'third',
      'fourth',
    ]);
    expect(most).toBe(1);
  });
});
