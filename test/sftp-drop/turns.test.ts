import { createTurns } from '../../src/sftp-drop/turns.ts';

it('begins as many as there are places, and the next as soon as one ends or fails', async () => {
  const turns = createTurns(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const fails: ((failure: Error) => void)[] = [];
  const all = [0, 1, 2, 3, 4].map((index) =>
    turns.take(
      () =>
        new Promise<number>((resolve, reject) => {
          begun.push(index);
          ends[index] = () => resolve(index);
          fails[index] = reject;
        }),
    ),
  );
  const settled = async () => void (await new Promise((resolve) => setImmediate(resolve)));
  await settled();
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  fails[0]?.(new Error('broken'));
  await expect(all[0]).rejects.toThrow('broken');
  await settled();
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[2]?.();
  ends[3]?.();
  await settled();
  ends[4]?.();
  expect(await Promise.all(all.slice(1))).toEqual([1, 2, 3, 4]);
});
