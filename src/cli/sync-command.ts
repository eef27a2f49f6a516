// sso-bridge sync: syncs Secure Sync districts from Clever now, all of them or one.
import type { Command } from 'commander';
import { readSyncConfig } from '../config/config.ts';
import type { District } from '../district/district.ts';
import { describeReport } from '../roster/report-text.ts';
import { describeResult } from '../roster/roster-documents.ts';
import type { DataApiReason } from '../secure-sync/ports.ts';
import { type SyncResult, syncOptionOf } from '../secure-sync/sync-district.ts';
import { commandList } from './help.ts';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { recordCommand } from './recorded-command.ts';
import { districtUnknown, type Run } from './run.ts';

export function addSyncCommand(program: Command, run: Run): void {
  program
    .command('sync')
    .description(commandList.sync)
    .option('--district <id>', 'one district; without it all that are rostered by Secure Sync')
    .action(
      run.commandWith('sync', readSyncConfig, async ({ services, output, config }, _args, { district: id }) => {
        const chosen = await choose(services.districts, id, output);
        if (chosen === undefined) return 1;
        const { createSyncServices } = await import('../compose/secure-sync.ts');
        const { sync, close } = createSyncServices(services.sync, config);
        const done: Synced[] = [];
        try {
          for (const district of chosen) {
            const progress = createProgress(output);
            const result = await sync(district, { by: 'command', onProgress: progress.see }).finally(progress.stop);
            if (result !== undefined) done.push({ district, result });
            await recordCommand(services, 'district_synced', { district: district.id });
          }
        } finally {
          await close();
        }
        output.result({ syncs: done.map(describeSynced) }, syncLines(done));
        return done.every(({ result }) => result.kind === 'published') ? 0 : 1;
      }),
    );
}

interface Synced {
  readonly district: District;
  readonly result: SyncResult;
}

interface Finder {
  find(id: string): Promise<District | undefined>;
  list(): Promise<District[]>;
}

async function choose(districts: Finder, id: string | undefined, output: Output): Promise<District[] | undefined> {
  if (id === undefined) return (await districts.list()).filter((one) => syncOptionOf(one) !== undefined);
  const district = await districts.find(id);
  if (district === undefined) {
    districtUnknown(output, id);
    return undefined;
  }
  if (syncOptionOf(district) === undefined) {
    const detail = `District ${id} is not rostered by secure-sync but by ${district.rostering.join(', ')}. Change it with: sso-bridge district put`;
    output.problem({ code: 'method_not_used', detail });
    return undefined;
  }
  return [district];
}

function describeSynced({ district, result }: Synced) {
  if ('report' in result) return describeResult(district.id, result);
  return {
    district: district.id,
    result: result.kind,
    code: result.code,
    ...('reason' in result ? { reason: result.reason } : {}),
    ...('clever' in result
      ? {
          says: {
            error: result.clever.error ?? null,
            pause_start: result.clever.pauseStart ?? null,
            pause_end: result.clever.pauseEnd ?? null,
          },
        }
      : {}),
    detail: describeUnpublished(result),
  };
}

function syncLines(done: readonly Synced[]): string[] {
  if (done.length === 0) return ['No district is rostered by Secure Sync.'];
  return done.flatMap(({ district, result }) => [
    `${district.id}:`,
    ...('report' in result ? describeReport(result) : [describeUnpublished(result)]).map((line) => `  ${line}`),
  ]);
}

type Unpublished = Exclude<SyncResult, { readonly report: unknown }>;

function describeUnpublished(result: Unpublished): string {
  switch (result.code) {
    case 'sync_running':
      return 'A server or another command is syncing this district; or one died at it, less than two minutes ago.';
    case 'clever_district_paused':
      return `Clever has paused this district${until(result)}; its data is last year's. The last good roster stands.`;
    case 'clever_district_pending':
      return `The district has to do something in Clever first${says(result)}. The last good roster stands.`;
    case 'clever_district_error':
      return `Clever has an error with this district and must mend it${says(result)}. The last good roster stands.`;
    case 'clever_misconfigured':
    case 'clever_unavailable':
      return `${reasons[result.reason]} The last good roster stands.`;
  }
}

type Stopped = Extract<Unpublished, { readonly clever: unknown }>;
const says = ({ clever: { error } }: Stopped): string => (error === undefined ? '' : ` (Clever says: ${error})`);
const until = ({ clever: { pauseEnd } }: Stopped): string => (pauseEnd === undefined ? '' : ` until ${pauseEnd}`);

const notReached = 'Clever could not be reached.';
const unexpectedAnswer = 'Clever answered with something that is no answer of its Data API.';
const reasons: Readonly<Record<DataApiReason, string>> = {
  timeout: 'Clever did not answer in time.',
  'refused-connection': notReached,
  reset: 'Clever closed the connection again and again.',
  'no-address': notReached,
  'untrusted-certificate': 'The certificate of CLEVER_API_URL cannot be trusted.',
  'connection-failed': notReached,
  'not-http': unexpectedAnswer,
  'too-large': 'An answer of Clever was larger than any should be.',
  'status-5xx': 'Clever failed again and again.',
  redirect: unexpectedAnswer,
  'unexpected-status': unexpectedAnswer,
  'not-json': unexpectedAnswer,
  'wrong-shape': unexpectedAnswer,
  'rate-limited': 'Clever allows no more requests just now.',
  'next-loop': 'The pages of a list at Clever lead in a circle.',
  'next-elsewhere': 'A page at Clever leads to another host, which was not followed.',
  'invalid-client':
    'Clever refuses CLEVER_SECURE_SYNC_CLIENT_ID and its secret (or CLEVER_CLIENT_ID, where that is not set).',
  'no-token': 'This district is not connected to the Secure Sync app at Clever.',
  'token-refused': 'Clever refuses the token it has just given for this district.',
  'not-allowed': 'The app may not read this at Clever.',
  stopped: 'The sync was broken off.',
};
