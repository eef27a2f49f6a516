// sso-bridge preflight …
import { createWriteStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { readSyncConfig } from '../config/config.ts';
import { writeCsv } from '../formats/csv/write-csv.ts';
import type { ExportItem } from '../formats/feed.ts';
import { readCleverExport } from '../preflight/clever-export.ts';
import type { PreflightRun } from '../preflight/preflight.ts';
import { describePreflight, preflightLines, preflightRows } from '../preflight/preflight-report.ts';
import { readUsersAtClever } from '../preflight/users-at-clever.ts';
import { DataApiFailure } from '../secure-sync/ports.ts';
import { syncOptionOf } from '../secure-sync/sync-district.ts';
import { commandList } from './help.ts';
import type { ExitCode, Output } from './output.ts';
import type { AtDistrict, Run } from './run.ts';

export function addPreflightCommand(program: Command, run: Run): void {
  const withList = run.forDistrict('preflight', async (at, { out }, [path]) =>
    statSync(path, { throwIfNoEntry: false })?.isFile()
      ? check(at, readCleverExport(path), out)
      : at.output.problem({ code: 'path_unreadable', detail: `${basename(path)} is no file that can be read.` }),
  );
  const withClever = run.forDistrictWith('preflight', readSyncConfig, async (at, { out }) => {
    const { services, output, district, config } = at;
    if (syncOptionOf(district) === undefined) {
      const detail = `Give Clever's list of people: district ${district.id} is not rostered by secure-sync, so it is not read from Clever.`;
      return output.problem({ code: 'usage', detail }, 2);
    }
    const { createSyncServices } = await import('../compose/secure-sync.ts');
    const clever = createSyncServices(services.sync, config);
    try {
      const connection = clever.dataApi.connect(district.cleverId, new AbortController().signal);
      return await check(at, readUsersAtClever(connection), out);
    } catch (failure) {
      if (!(failure instanceof DataApiFailure)) throw failure;
      const detail = `Clever could not be read (${failure.reason}). See: sso-bridge sync --district ${district.id}`;
      return output.problem({ code: 'clever_unavailable', detail, reason: failure.reason });
    } finally {
      await clever.close();
    }
  });

  program
    .command('preflight')
    .argument('[export.csv]', "Clever's list of the people; without it a Secure Sync district is read from Clever")
    .description(commandList.preflight)
    .addOption(new Option('--district <id>', 'the district').makeOptionMandatory())
    .option('--out <report.csv>', 'write who will not get in, with what to do about each')
    .action((path, ...rest) => (path === undefined ? withClever : withList)(path, ...rest));
}

async function check(
  { services, output, district }: AtDistrict<'preflight'>,
  people: AsyncIterable<ExportItem>,
  out: string | undefined,
): Promise<ExitCode> {
  const run = services.preflight(district, people);
  if (!(await readAll(run, out, output))) return 1;
  const count = run.count();
  const document = describePreflight(district.id, count);
  output.result(document, [
    ...preflightLines(district.id, count),
    ...(out === undefined && document.refused > 0 ? ['With --out report.csv: who they are, and what to do.'] : []),
  ]);
  const isValid = count.findings.every(({ severity }) => severity !== 'error');
  return isValid && document.refused === 0 ? 0 : 1;
}

/** Writes the report, if requested; false if that fails. */
async function readAll({ verdicts }: PreflightRun, out: string | undefined, output: Output): Promise<boolean> {
  if (out === undefined) {
    for await (const _verdicts of verdicts);
    return true;
  }
  const file = createWriteStream(out, { mode: 0o600 });
  const opened = await new Promise<boolean>((resolve) => {
    file.once('open', () => resolve(true)).once('error', () => resolve(false));
  });
  if (!opened) {
    output.problem({ code: 'path_unwritable', detail: `${basename(out)} cannot be written.` });
    return false;
  }
  await pipeline(writeCsv(preflightRows(verdicts)), file);
  return true;
}
