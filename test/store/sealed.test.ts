import * as z from 'zod';
import { sealed, sealedJson, storedWord } from '../../src/store/sealed.ts';
import { createVault } from '../../src/store/vault.ts';

const vault = createVault(Buffer.alloc(32, 7));
const at = { partition: 'tests', id: 'one' };
const shape = z.object({ kind: storedWord<'a' | 'b'>(), count: z.number() });
const storeOf = (...values: readonly (Buffer | undefined)[]) => ({ get: async () => [...values] });

describe('a sealed value', () => {
  it('is the JSON of the value, sealed for its address', () => {
    const value = sealedJson(vault, shape).seal(at, { kind: 'a', count: 1 });
    expect(vault.open(at, value).toString()).toBe('{"kind":"a","count":1}');
  });

  it.each(['{"kind":"a"}', '{"kind":"a","count":"1"}', '[]', 'null', 'no JSON'])(
    'that holds %s is a failure with a code that does not repeat it',
    async (text) => {
      const values = sealed(storeOf(vault.seal(at, text)), vault, shape);
      await expect(values.read(at)).rejects.toMatchObject({
        code: 'STORED_SHAPE_UNKNOWN',
        message: expect.not.stringContaining(text),
      });
    },
  );

  it('keeps what a newer version added, so that writing it back loses nothing', () => {
    const text = '{"added":[1],"kind":"c","count":1}';
    const values = sealedJson(vault, shape);
    expect(vault.open(at, values.seal(at, values.open(at, vault.seal(at, text)))).toString()).toBe(text);
  });

  it('does not open at another address', () => {
    const values = sealedJson(vault, shape);
    const value = values.seal(at, { kind: 'a', count: 1 });
    expect(() => values.open({ ...at, id: 'other' }, value)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
  });

  it('that a caller sends is undefined unless it was sealed here in this shape', () => {
    const values = sealedJson(vault, shape);
    expect(values.tryOpen(at, values.seal(at, { kind: 'b', count: 2 }))).toEqual({ kind: 'b', count: 2 });
    expect(values.tryOpen(at, Buffer.from('made up'))).toBeUndefined();
    expect(values.tryOpen(at, vault.seal(at, '{"kind":"b"}'))).toBeUndefined();
  });

  it('is listed in the order of the addresses, undefined where there is none', async () => {
    const other = { ...at, id: 'other' };
    const values = sealed(storeOf(undefined, vault.seal(other, '{"kind":"a","count":3}')), vault, shape);
    expect(await values.list([at, other])).toEqual([undefined, { kind: 'a', count: 3 }]);
  });
});
