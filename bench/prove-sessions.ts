// `npm run prove:sessions`: ten thousand sign-ins through Clever and their endings, while a bridge and then Redis are
// killed. Prints what came of it, writes it into docs/reports/sessions.md unless it was fewer, and ends with 1 if an
// acknowledged ending was undone or a session lost that must not be.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Argument } from 'commander';
import { findRoot } from '../sandbox/demo/find-root.ts';
import { createRunCommand, readWhole } from './bench-options.ts';
import { endOnSignals } from './pinned-process.ts';
import { isUpheld, writeReport } from './sessions/report.ts';
import { cluster, cutOff, type Scenario, sentinel, single } from './sessions/scenarios.ts';
import type { Verdict } from './sessions/verdict.ts';

const all: Readonly<Record<string, Scenario>> = { single, sentinel, 'cut-off': cutOff, cluster };
const wholeRun = 10_000;
const command = createRunCommand('prove:sessions', 'Kills bridges and Redis in the middle of sign-ins and endings.')
  .addArgument(
    new Argument('[count]', 'sign-ins; of fewer nothing is written').default(wholeRun).argParser(readWhole(1, 100_000)),
  )
  .addArgument(new Argument('[name]', 'one scenario alone').choices(Object.keys(all)))
  .parse();
const [count, only] = command.processedArgs;
const chosen = Object.entries(all).filter(([name]) => only === undefined || name === only);

endOnSignals();
const results: { readonly scenario: Scenario; readonly verdict: Verdict }[] = [];
for (const [name, scenario] of chosen) {
  const verdict = await scenario.run(Number(count));
  results.push({ scenario, verdict });
  process.stdout.write(`${JSON.stringify({ name, ...verdict })}\n`);
}
if (count >= wholeRun) {
  const file = join(findRoot(), 'docs', 'reports', 'sessions.md');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, writeReport(existsSync(file) ? readFileSync(file, 'utf8') : '', results));
}
process.exitCode = results.length > 0 && results.every(isUpheld) ? 0 : 1;
