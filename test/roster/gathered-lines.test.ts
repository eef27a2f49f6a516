import { createGatheredLines } from '../../src/roster/gathered-lines.ts';
import { partOf, parts } from '../../src/roster/spill.ts';

const linesIn = (bytes: Buffer | undefined) => bytes?.toString().split('\n').slice(0, -1) ?? [];

describe('gathered lines', () => {
  it('come back by the part they belong to, in their order, whatever letters they are of', () => {
    const gathered = createGatheredLines();
    const lines = Array.from({ length: 5000 }, (_, at) => `${(at % 256).toString(16).padStart(2, '0')}é中😀${at}`);
    for (const line of lines) gathered.add(line);
    const taken = gathered.take();
    expect(taken).toHaveLength(parts);
    for (const [part, bytes] of taken.entries()) {
      expect(linesIn(bytes)).toEqual(lines.filter((line) => partOf(line) === part));
    }
  });

  it('count their bytes, and none when they were taken', () => {
    const gathered = createGatheredLines();
    gathered.add('00é');
    expect(gathered.size()).toBe(5);
    expect(linesIn(gathered.take()[0])).toEqual(['00é']);
    expect(gathered.size()).toBe(0);
    expect(gathered.take().every((bytes) => bytes === undefined)).toBe(true);
  });

  it('have room for a line longer than all before', () => {
    const gathered = createGatheredLines();
    const long = `ff${'x'.repeat(1_000_000)}`;
    gathered.add('ff');
    gathered.add(long);
    expect(linesIn(gathered.take()[parts - 1])).toEqual(['ff', long]);
  });
});
