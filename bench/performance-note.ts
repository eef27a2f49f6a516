// Keeps docs/performance.md: each benchmark owns one section and replaces it whole, the others' stay as they are.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const file = 'docs/performance.md';
const opening = `# Performance

Each section is written by the command it names, from one run on the machine it names.
`;

/** What the figures of this run are of. */
export function describeMachine(): string {
  const [{ model } = { model: 'unknown processor' }] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `${cpus().length} cores (${model}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${day}`;
}

/** @param text Markdown below the heading `## title` */
export function writeSection(title: string, text: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : opening;
  const [head = opening, ...sections] = before.split(/^(?=## )/m);
  const others = sections.filter((section) => !section.startsWith(`## ${title}\n`));
  const kept = [head, ...others].map((part) => part.trimEnd());
  writeFileSync(file, `${[...kept, `## ${title}\n\n${text.trim()}`].join('\n\n')}\n`);
}

/** A Markdown table; the first row is the heading. */
export const table = ([head = [], ...rows]: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
