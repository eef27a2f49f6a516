// Who asks while work runs must not get an answer of before they asked, and need not each have one of their own.
import { shareNext } from '../../../src/store/guard/share-next.ts';
import { until } from '../../helpers/bridge-process.ts';

function createWork() {
  const begun: { readonly given: string; readonly end: (failure?: Error) => void }[] = [];
  const work = shareNext(
    (given: string) =>
      new Promise<string>((resolve, reject) => {
        begun.push({ given, end: (failure) => (failure === undefined ? resolve(given) : reject(failure)) });
      }),
  );
  return { begun, work };
}

it('begins anew for callers that came while work ran, once for all of them', async () => {
  const { begun, work } = createWork();
  const first = work('a');
  const others = ['b', 'c', 'd'].map((given) => work(given));
  expect(begun.map(({ given }) => given)).toEqual(['a']);
  begun[0]?.end();
  expect(await first).toBe('a');
  await until(() => begun.length === 2, 'the next run');
  begun[1]?.end();
  expect(await Promise.all(others)).toEqual(['b', 'b', 'b']);
  expect(begun).toHaveLength(2);
});

it('is not kept from the next run by a failure of the one before', async () => {
  const { begun, work } = createWork();
  const [first, second] = [work('a'), work('b')];
  begun[0]?.end(new Error('no'));
  await expect(first).rejects.toThrow('no');
  await until(() => begun.length === 2, 'the next run');
  begun[1]?.end();
  expect(await second).toBe('b');
  void work('c');
  expect(begun).toHaveLength(3);
});
