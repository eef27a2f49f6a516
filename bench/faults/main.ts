// `npm run prove:faults`: every fault, or those named, one after the other, each on a store and bridges of its
// own. Prints a line for each and writes it into docs/reports/faults.md. Exit code 1 if a promise was broken.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Argument } from 'commander';
import { findRoot } from '../../sandbox/demo/find-root.ts';
import { createRunCommand } from '../bench-options.ts';
import { endOnSignals } from '../pinned-process.ts';
import { faults } from './faults.ts';
import { judge } from './judge.ts';
import { runFault } from './lab.ts';
import { type Line, summarize, writeReport } from './report.ts';

const { args: names } = createRunCommand('prove:faults', 'Breaks everything the bridge stands on, one after the other.')
  .addArgument(new Argument('[names...]', 'these faults alone').choices(faults.map(({ name }) => name)))
  .parse();

endOnSignals();
const file = join(findRoot(), 'docs', 'reports', 'faults.md');
mkdirSync(dirname(file), { recursive: true });
const lines: Line[] = [];
for (const fault of faults.filter(({ name }) => names.length === 0 || names.includes(name))) {
  for (const store of fault.stores) {
    const verdict = await runFault(fault, store, (run) => judge(fault, run));
    const line = { fault, store, ...verdict };
    lines.push(line);
    process.stdout.write(`${summarize(line)}\n`);
    writeFileSync(file, writeReport(lines, existsSync(file) ? readFileSync(file, 'utf8') : ''));
  }
}
// Questions to servers that were stopped for good may still hang.
process.exit(lines.some(({ broken }) => broken.length > 0) ? 1 : 0);
