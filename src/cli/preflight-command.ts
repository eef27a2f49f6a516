// sso-bridge preflight …
import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { readSyncConfig } from '../config.ts';
import type { ExportItem } from '../roster/export-person.ts';
import { readCleverExport } from '../roster/formats/clever-export.ts';
import { writeCsv } from '../roster/formats/write-csv.ts';
import { readPeopleAtClever } from '../roster/people-at-clever.ts';
import type { PreflightRun } from '../roster/preflight.ts';
import { describePreflight, preflightRows, tellPreflight } from '../roster/preflight-report.ts';
import { DataApiFailure } from '../roster/secure-sync/ports.ts';
import { syncOptionOf } from '../roster/secure-sync/sync-district.ts';
import type { Output } from './output.ts';
import type { AtDistrict, ExitCode, Run } from './run.ts';

export function addPreflightCommand(program: Command, run: Run): void {
  const withList = run.forDistrict((at, { out }, [path]) => check(at, readCleverExport(path), out));
  const withClever = run.forDistrictWith(readSyncConfig, async (at, { out }) => {
    const { office, output, district, config } = at;
    if (syncOptionOf(district) === undefined) {
      const detail = `Give Clever's list of people: district ${district.id} is not rostered by secure-sync, so it is not read from Clever.`;
      return output.problem({ code: 'usage', detail }, 2);
    }
    const { openSyncRoom } = await import('../wire-sync.ts');
    const room = openSyncRoom(office, config);
    try {
      const connection = room.dataApi.connect(district.cleverId, new AbortController().signal);
      return await check(at, readPeopleAtClever(connection), out);
    } catch (failure) {
      if (!(failure instanceof DataApiFailure)) throw failure;
      const detail = `Clever could not be read (${failure.reason}). See: sso-bridge sync --district ${district.id}`;
      return output.problem({ code: 'clever_unavailable', detail, reason: failure.reason });
    } finally {
      await room.close();
    }
  });

  program
    .command('preflight')
    .argument('[export.csv]', "Clever's list of the people; without it a Secure Sync district is read from Clever")
    .description('who will get in, who will not and why, before anyone clicks; changes nothing')
    .addOption(new Option('--district <id>', 'the district').makeOptionMandatory())
    .option('--out <report.csv>', 'write who will not get in, with what to do about each')
    .action((path, ...rest) => (path === undefined ? withClever : withList)(path, ...rest));
}

async function check(
  { office, output, district }: AtDistrict,
  people: AsyncIterable<ExportItem>,
  out: string | undefined,
): Promise<ExitCode> {
  const run = office.preflight(district, people);
  if (!(await readAll(run, out, output))) return 1;
  const count = run.count();
  const document = describePreflight(district.id, count);
  output.result(document, [
    ...tellPreflight(district.id, count),
    ...(out === undefined && document.refused > 0 ? ['With --out report.csv: who they are, and what to do.'] : []),
  ]);
  const isSound = count.findings.every(({ severity }) => severity !== 'error');
  return isSound && document.refused === 0 ? 0 : 1;
}

/** Writes the report, if one is wanted; false if that cannot be done. */
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
