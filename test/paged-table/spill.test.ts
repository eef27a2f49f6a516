import { createGatheredParts, parts } from '../../src/paged-table/spill.ts';

const write = (text: string) => (context: Buffer, at: number) => context.write(text, at);
const textsOf = (taken: readonly (Buffer | undefined)[]) => taken.map((bytes) => bytes?.toString());

describe('gathered parts', () => {
  it('come back by the part they were added to, in their order', () => {
    const gathered = createGatheredParts();
    const expected = new Array<string>(parts).fill('');
    for (let at = 0; at < 20_000; at += 1) {
      const text = `é中😀${at},`;
      gathered.add(at % parts, 3 * text.length, write(text));
      expected[at % parts] += text;
    }
    expect(textsOf(gathered.take())).toEqual(expected);
  });

  it('count their bytes, and none when they were taken', () => {
    const gathered = createGatheredParts();
    gathered.add(3, 10, write('00é'));
    expect(gathered.size()).toBe(4);
    expect(gathered.take().filter((bytes) => bytes !== undefined)).toHaveLength(1);
    expect(gathered.size()).toBe(0);
    expect(gathered.take().every((bytes) => bytes === undefined)).toBe(true);
  });

  it('hold nothing of what was there when the room is used again', () => {
    const gathered = createGatheredParts();
    gathered.add(7, 20, write('what was before'));
    gathered.take();
    gathered.add(7, 20, write('new'));
    expect(textsOf(gathered.takeLast())[7]).toBe('new');
    gathered.add(7, 20, write('later'));
    expect(textsOf(gathered.take())[7]).toBe('later');
  });

  it('have room for one longer than all before', () => {
    const gathered = createGatheredParts();
    const long = 'x'.repeat(1_000_000);
    gathered.add(parts - 1, 2, write('ff'));
    gathered.add(parts - 1, long.length, write(long));
    expect(textsOf(gathered.take())[parts - 1]).toBe(`ff${long}`);
  });
});
