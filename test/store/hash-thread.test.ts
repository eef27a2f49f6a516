// Keyed hashes from a second thread: those of the vault, in their order; a thread that ends is reported and never waited for.
import fc from 'fast-check';
import { type HashThread, HashThreadEnded } from '../../src/store/hash-thread.ts';
import { createVault } from '../../src/store/vault.ts';

const vault = createVault(Buffer.alloc(32, 7));
const purposes = ['account', 'email'];
let thread: HashThread;

beforeEach(() => {
  thread = vault.blindBeside(purposes);
});
afterEach(() => thread.end());

const texts = fc.string({ unit: 'binary' });
const toHash = fc.record({ purpose: fc.constantFrom(...purposes), parts: fc.array(texts, { minLength: 1 }) });

it('makes the hashes that the vault makes, in the order in which they are asked for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(toHash), { maxLength: 5 }), async (lists) => {
      const hashed = await Promise.all(lists.map((all) => thread.hash(all)));
      expect(hashed.map((hashes) => hashes.toString('hex'))).toEqual(
        lists.map((all) => all.map(({ purpose, parts }) => vault.blind(purpose, ...parts)).join('')),
      );
    }),
  );
});

it('has no key of a purpose that it was not made for, and ends', async () => {
  const [first, second] = [
    { purpose: 'name', parts: ['Ada Moss'] },
    { purpose: 'email' as const, parts: ['a@b'] },
  ];
  const asked = [thread.hash([first]), thread.hash([second])];
  const refused = await Promise.allSettled(asked);
  expect(refused.map((each) => each.status === 'rejected' && each.reason instanceof HashThreadEnded)).toEqual([
    true,
    true,
  ]);
  await expect(thread.hash([second])).rejects.toThrow(HashThreadEnded);
  await expect(thread.hash([second])).rejects.not.toThrow('Ada');
});

it('refuses what it is still asked for when it is ended', async () => {
  const asked = expect(thread.hash([{ purpose: 'email', parts: ['a@b'] }])).rejects.toThrow(HashThreadEnded);
  await thread.end();
  await asked;
});
