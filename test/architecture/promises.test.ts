// docs/promises.md names only what there is: tests, commands, faults and metrics; and every fault has its line.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faults } from '../../bench/faults/faults.ts';
import { root } from '../helpers/bridge-build.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const promises = read('docs/promises.md');
const lines = promises.split('\n').filter((line) => line.startsWith('| ') && !/^\| (promise|---)/.test(line));
const found = (pattern: RegExp): string[] => [...new Set([...promises.matchAll(pattern)].map(([, name = '']) => name))];

it.each(lines.map((line) => [line.split(' | ')[0]?.slice(2) ?? '', line] as const))(
  'says how "%s" is watched and shown',
  (_promise, line) => {
    const [, figures, metric, shown, ...more] = line.replace(/^\| | \|$/g, '').split(' | ');
    expect([figures, metric].every((cell) => cell !== undefined && cell.length > 1)).toBe(true);
    expect(shown).toMatch(/`npm run [\w:]+|test\/[\w/-]+\.test\.tsx?/);
    expect(more).toEqual([]);
  },
);

it.each(found(/(test\/[\w/-]+\.test\.tsx?)/g))('%s is there', (file) => {
  expect(existsSync(join(root, file))).toBe(true);
});

it.each(found(/npm run ([\w:]+)/g))('npm run %s is a command', (name) => {
  expect(Object.keys(JSON.parse(read('package.json')).scripts)).toContain(name);
});

it.each(found(/(sso_bridge_\w+)/g))('%s is a metric', (name) => {
  expect(read('docs/metrics.md')).toContain(`\`${name}\``);
});

it('knows every fault that is injected, and no other', () => {
  const documented = [...promises.matchAll(/prove:faults -- ([\w -]+)`/g)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  const injected = faults.map(({ name }) => name).filter((name) => name !== 'nothing');
  expect([...new Set(documented)].sort()).toEqual(injected.sort());
});
