// A measured section of a document in docs/: each command replaces its own and leaves the others.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { findRoot } from '../sandbox/demo/find-root.ts';

/** @param name of the section @param document in docs/ @param text Markdown with its heading */
export function writeSection(document: string, name: string, text: string): void {
  const path = join(findRoot(), 'docs', document);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, replaceSection(existsSync(path) ? readFileSync(path, 'utf8') : '', name, text));
}

/** The document with the section replaced where it stands, or added at the end. */
export function replaceSection(before: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} begins -->`, `<!-- ${name} ends -->`];
  const section = `${begin}\n${text.trim()}\n${end}`;
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const isThere = from >= 0 && to >= 0;
  const [head, tail] = isThere
    ? [before.slice(0, from), before.slice(to + end.length)]
    : [`${before.trimEnd()}\n\n`, '\n'];
  return (head + section + tail).trimStart();
}

/** What the figures were measured on: machine, Node, and the commit where the files are of a repository. */
export function measuredOn(): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Linux ${release()}`;
  return [machine, `Node ${process.versions.node}`, ...commitOf(findRoot())].join(', ');
}

/** Marks a tree with uncommitted changes. A rewritten report does not count as a change. */
export function commitOf(folder: string): string[] {
  const git = (...words: string[]) => spawnSync('git', words, { cwd: folder, encoding: 'utf8' });
  const commit = git('rev-parse', '--short', 'HEAD');
  if (commit.status !== 0) return [];
  const isChanged = git('diff', '--quiet', 'HEAD', '--', '.', ':!docs').status !== 0;
  return [`commit ${commit.stdout.trim()}${isChanged ? ' and changes' : ''}`];
}

/** A table in Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
