// A measured section of a document in docs/: each command replaces its own and leaves the others.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { findRoot } from '../sandbox/demo/find-root.ts';

/** @param name of the section @param document in docs/ @param text Markdown, its headings from the third level on */
export function writeSection(document: string, name: string, text: string): void {
  const path = join(findRoot(), 'docs', document);
  const [begin, end] = [`<!-- ${name} begins -->`, `<!-- ${name} ends -->`];
  const section = `${begin}\n${text.trim()}\n${end}`;
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const after =
    from < 0 || to < 0
      ? `${before.trimEnd()}\n\n${section}\n`
      : before.slice(0, from) + section + before.slice(to + end.length);
  writeFileSync(path, after.trimStart());
}

/** What the figures were measured on. */
export const describeMachine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Linux ${release()}, Node ${process.versions.node}`;

/** A table in Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
