// A document that several benchmarks write, each its own section.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitOf, replaceSection, table } from '../../bench/report-section.ts';
import { findRoot } from '../../sandbox/demo/find-root.ts';

const section = (name: string, text: string) => `<!-- ${name} begins -->\n${text}\n<!-- ${name} ends -->`;
const note = `# Performance\n\n${section('starts', 'old\n\n### also old')}\n\n${section('rosters', 'kept')}\n`;

it('a section is replaced in its place, and the others stay', () => {
  const after = replaceSection(note, 'starts', '\nnew\n');
  expect(after).toBe(`# Performance\n\n${section('starts', 'new')}\n\n${section('rosters', 'kept')}\n`);
});

it('the same section written twice is there once', () => {
  const once = replaceSection(note, 'starts', 'new');
  expect(replaceSection(once, 'starts', 'new')).toBe(once);
});

it('a new section comes last, also in a new document', () => {
  expect(replaceSection(note, 'start', 'new')).toBe(`${note}\n${section('start', 'new')}\n`);
  expect(replaceSection('', 'start', 'new')).toBe(`${section('start', 'new')}\n`);
});

it('a dollar sign in a figure is a dollar sign', () => {
  expect(replaceSection(note, 'starts', "$& $1 $'")).toContain(section('starts', "$& $1 $'"));
});

it('a table has its head, a line and its rows', () => {
  expect(table(['what', 'ms'], [['start', '1']])).toBe('| what | ms |\n| --- | --- |\n| start | 1 |');
});

it('figures name the commit they were measured at, and none where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'no-repository-'));
  try {
    expect(commitOf(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const commit of commitOf(findRoot())) expect(commit).toMatch(/^commit [0-9a-f]{7,}( and changes)?$/);
});
