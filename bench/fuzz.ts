// Throws seeded requests of every kind at every route of a real bridge, and says what should not have happened.
// `npm run fuzz -- [--seed N] [--requests N] [--store embedded|redis] [--limits off|on] [--seconds N] [--report FILE]`,
// or `--print N` to see the request with a number. Exit code 1 if anything was found. Loopback only. A run of 100,000 or more
// writes its section of docs/reports/fuzz.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeReport } from './fuzz/report.ts';
import { type FuzzOptions, findRequest, fuzz } from './fuzz/run.ts';
import { endOnSignals } from './pinned-process.ts';
import { writeSection } from './report-section.ts';

const wholeRun = 100_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: `${wholeRun}` },
    store: { type: 'string', default: 'embedded' },
    limits: { type: 'string', default: 'off' },
    seconds: { type: 'string', default: '450' },
    report: { type: 'string' },
    print: { type: 'string' },
  },
});

endOnSignals();
const options: FuzzOptions = {
  seed: Number(values.seed),
  requests: Number(values.requests),
  engine: values.store === 'redis' ? 'redis' : 'embedded',
  limits: values.limits === 'on' ? 'on' : 'off',
  longestSeconds: Number(values.seconds),
  tell: (line) => void process.stderr.write(`${line}\n`),
};

if (values.print !== undefined) {
  const request = findRequest(options.seed, Number(values.print));
  process.stdout.write(
    `${JSON.stringify({ ...request, body: request?.body && { ...request.body, bytes: request.body.bytes.toString('latin1') } }, null, 2)}\n`,
  );
} else {
  const result = await fuzz(options);
  const report = writeReport(options, result);
  process.stdout.write(report);
  if (options.requests >= wholeRun) {
    writeSection('reports/fuzz.md', `${options.engine}, limits ${options.limits}`, report);
  }
  if (values.report !== undefined) writeFileSync(values.report, report);
  process.exitCode = result.findings.length > 0 || result.sent < options.requests ? 1 : 0;
}
