// Throws seeded requests of every kind at every route of a real bridge, and says what should not have happened.
// `npm run fuzz`: exit code 1 if anything was found. Loopback only. A run of 100,000 or more writes its section of
// docs/reports/fuzz.md.
import { writeFileSync } from 'node:fs';
import { Option } from 'commander';
import { createRunCommand, readWhole } from './bench-options.ts';
import { writeReport } from './fuzz/report.ts';
import { type FuzzOptions, findRequest, fuzz } from './fuzz/run.ts';
import { endOnSignals } from './pinned-process.ts';
import { writeSection } from './report-section.ts';

const wholeRun = 100_000;

interface Values {
  readonly seed: number;
  readonly requests: number;
  readonly store: 'embedded' | 'redis';
  readonly limits: 'off' | 'on';
  readonly seconds: number;
  readonly report?: string;
  readonly print?: number;
}

const values = createRunCommand('fuzz', 'Throws seeded requests of every kind at every route of a real bridge.')
  .option('--seed <n>', 'the same seed, the same requests', readWhole(0, Number.MAX_SAFE_INTEGER), 1)
  .option('--requests <n>', 'how many', readWhole(1, 1_000_000), wholeRun)
  .addOption(new Option('--store <name>').choices(['embedded', 'redis'] as const).default('embedded'))
  .addOption(new Option('--limits <state>').choices(['off', 'on'] as const).default('off'))
  .option('--seconds <n>', 'stop then, whatever is left', readWhole(1, 3_600), 450)
  .option('--report <file>', 'write the report there as well')
  .option('--print <n>', 'only show the request with this number', readWhole(0, 1_000_000))
  .parse()
  .opts<Values>();

endOnSignals();
const options: FuzzOptions = {
  seed: values.seed,
  requests: values.requests,
  engine: values.store,
  limits: values.limits,
  maxSeconds: values.seconds,
  print: (line) => void process.stderr.write(`${line}\n`),
};

if (values.print !== undefined) {
  const request = findRequest(options.seed, values.print);
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
