// The command line of the benchmarks.
import { type Asked, createBenchCommand, readBenchOptions } from '../../bench/bench-options.ts';

const asked: Asked<'rounds' | 'seconds'> = {
  script: 'bench:starts',
  about: 'How many starts.',
  stores: ['embedded', 'redis'],
  hasOnly: true,
  counts: {
    rounds: { about: 'rounds in turn', usual: 5, most: 20 },
    seconds: { about: 'of each round', usual: 3, most: 30 },
  },
};

it('without a word all is as usual, and the section is written', () => {
  const options = readBenchOptions(asked, []);
  expect([options.count('rounds'), options.count('seconds'), options.stores]).toEqual([5, 3, ['embedded', 'redis']]);
  expect(options).toMatchObject({ writes: true, only: '' });
});

it('a report says what was run, so that it can be run again', () => {
  const { command } = readBenchOptions(asked, ['--rounds', '9', '--no-write']);
  expect(command).toBe('npm run bench:starts -- --rounds 9 --seconds 3 --store both');
});

it.each([
  [['--write'], true],
  [['--no-write'], false],
  [['--write', '--only', 'apache'], false],
])('%j: whether the section is written is %s', (words, writes) => {
  expect(readBenchOptions(asked, words).writes).toBe(writes);
});

it('one store alone is one store', () => {
  expect(readBenchOptions(asked, ['--store', 'redis']).stores).toEqual(['redis']);
});

const sized: Asked<'classes'> = {
  script: 'bench:roster',
  about: 'How fast.',
  sizes: { about: 'students', usual: [10, 100], most: 1_000 },
  counts: { classes: { about: 'classes a student', usual: 0, least: 0, most: 10 } },
};

it.each([
  [[], [10, 100], 'npm run bench:roster -- --sizes 10,100 --classes 0'],
  [['--sizes', '7', '--classes', '3'], [7], 'npm run bench:roster -- --sizes 7 --classes 3'],
])('%j: sizes are measured one after the other', (words, sizes, command) => {
  expect(readBenchOptions(sized, words)).toMatchObject({ sizes, command });
});

it('the help lists every option with its default and its maximum', () => {
  expect(createBenchCommand(sized).helpInformation()).toMatch(
    /npm run bench:roster -- .*students, with commas between; 6 of 1000 at most.*10,100.*classes a student.*--no-write/s,
  );
});

it.each([
  [['--sizes', '10,1001'], /whole number from 1 to 1000/],
  [['--sizes', '1,2,3,4,5,6,7'], /6 at most/],
  [['--sizes', '10,'], /whole number/],
])('%j of sizes is refused with words', (words, message) => {
  const command = createBenchCommand(sized)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  expect(() => command.parse(words, { from: 'user' })).toThrow(message);
});

it.each([
  [['--rounds', '0'], /whole number from 1 to 20/],
  [['--rounds', '21'], /whole number from 1 to 20/],
  [['--seconds', '1e1'], /whole number from 1 to 30/],
  [['--rounds', ''], /whole number/],
  [['--store', 'disk'], /Allowed choices are both, embedded, redis/],
  [['--round', '3'], /unknown option '--round'/],
  [['1000'], /too many arguments/],
])('%j is refused with words', (words, message) => {
  const command = createBenchCommand(asked)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  expect(() => command.parse(words, { from: 'user' })).toThrow(message);
});
