// sso-bridge store migrate, store export, store import, store check
import type { Command } from 'commander';
import { checkWholeStore, type StoreCheck } from '../compose/check.ts';
import { exportTo, importFrom, moveStores, type ShowMove, undoMoves } from '../compose/move.ts';
import { readCommandConfig } from '../config/config.ts';
import {
  type MoveAddresses,
  readKeysTo,
  readMoveConfig,
  readSourceConfig,
  readTargetConfig,
} from '../config/move-config.ts';
import type { MoveResult } from '../store/move/move-store.ts';
import type { Tally } from '../store/move/tally.ts';
import type { ExitCode, Output } from './output.ts';
import { createProgress } from './progress.ts';
import { type AtSurroundings, type Run, refuseSettings } from './run.ts';

export function addStoreMoveCommands(store: Command, run: Run): void {
  store
    .command('migrate')
    .description('move the store into another, empty place; run again after an interruption, it goes on')
    .option('--from <url>', 'the store that is moved, instead of STORE_URL')
    .option('--to <url>', 'the place it is moved to, instead of STORE_URL_TO')
    .option('--undo', 'give the move up: the old store takes writes again, and what was copied is removed')
    .action(
      run.withEnvironment((at, _args, { from, to, undo }) =>
        undo ? giveUp(at, { from, to }) : move(at, { from, to }),
      ),
    );
}

export function addStoreExport(store: Command, run: Run): void {
  store
    .command('export')
    .argument('<folder>', 'new or empty; run again after an interruption, it is written anew')
    .description('write the store into sealed files, to be imported elsewhere; from then on it takes no writes')
    .action(
      run.withEnvironment(async ({ environment, layers, output }, [folder]) => {
        const read = readSourceConfig(environment, layers);
        const keys = readKeysTo(environment, layers);
        if (read.kind === 'problems') return refuseSettings(output, read.problems);
        if (keys.kind === 'problems') return refuseSettings(output, keys.problems);
        const result = await showing(output, (show) => exportTo(read.config, folder, keys.config, show));
        if (result.kind === 'refused') return output.problem({ code: result.code, detail: result.detail });
        return output.result({ move: result.id, already_moved: result.isAlready, items: result.items }, [
          `The store is in ${folder}, sealed:`,
          ...tallyLines(result.items),
          'The old one takes no writes, and no server starts on it. Bring the folder to the new place, then: STORE_URL=… sso-bridge',
          'store import FOLDER. To give it up: sso-bridge store migrate --undo (docs/move.md).',
        ]);
      }),
    );
  store
    .command('import')
    .argument('<folder>', 'of an export')
    .description('fill an empty store from an export; run again after an interruption, it goes on')
    .action(
      run.withEnvironment(async ({ environment, layers, output }, [folder]) => {
        const read = readCommandConfig(environment, layers);
        if (read.kind === 'problems') return refuseSettings(output, read.problems);
        const result = await showing(output, (show) => importFrom(folder, read.config, show));
        if (result.kind === 'refused') return output.problem({ code: result.code, detail: result.detail });
        return output.result({ move: result.id, items: result.items }, [
          'The store is filled, and is the same as the export by counts and digests:',
          ...tallyLines(result.items),
          'Servers may start on it. Remove the folder when people were seen to sign in.',
        ]);
      }),
    );
}

export function addStoreCheck(store: Command, run: Run): void {
  store
    .command('check')
    .description('look through the store: counts by kind, what does not open, what is missing; changes nothing')
    .action(
      run.withEnvironment(async ({ environment, layers, output }) => {
        const read = readCommandConfig(environment, layers);
        if (read.kind === 'problems') return refuseSettings(output, read.problems);
        const check = await showing(output, (show) =>
          checkWholeStore(read.config, (done, total) => show.progress('check', done, total)),
        );
        return reportCheck(output, check);
      }),
    );
}

function reportCheck(output: Output, { place, tally, districts, wrong }: StoreCheck): ExitCode {
  const lines = [
    `The store at ${place}:`,
    ...tallyLines(tally),
    ...districts.map(({ id, accounts, links }) => `  ${id}: ${accounts} accounts, ${links} links`),
  ];
  if (wrong.length === 0)
    return output.result({ place, items: tally, districts, wrong }, [...lines, 'Nothing is wrong with it.']);
  const detail = wrong.join('\n');
  return output.problem({ code: 'store_check_failed', detail, place, items: tally, districts, wrong }, 1, [
    ...lines,
    'What is wrong:',
    ...wrong.map((line) => `  ${line}`),
  ]);
}

async function move({ environment, layers, output }: AtSurroundings, given: MoveAddresses): Promise<ExitCode> {
  const read = readMoveConfig(environment, layers, given);
  if (read.kind === 'problems') return refuseSettings(output, read.problems);
  return reportMove(output, await showing(output, (show) => moveStores(read.config, show)));
}

/** Removes the bar before the result is printed. */
export async function showing<Value>(output: Output, work: (show: ShowMove) => Promise<Value>): Promise<Value> {
  const progress = createProgress(output);
  try {
    return await work({
      progress: (step, done, total) =>
        progress.see({ kind: 'progress', file: step, bytesRead: done, bytesTotal: total }),
      notice: output.aside,
    });
  } finally {
    progress.stop();
  }
}

function reportMove(output: Output, result: MoveResult): ExitCode {
  if (result.kind === 'refused') return output.problem({ code: result.code, detail: result.detail });
  const { id, items, isAlready } = result;
  return output.result({ move: id, already_moved: isAlready, items }, [
    ...(isAlready
      ? ['The store was moved before.']
      : ['The store is moved. Both are the same by counts and digests:', ...tallyLines(items)]),
    'The old one takes no writes, and no server starts on it. Set STORE_URL, and STORE_KEYS where they differ, to the new',
    'one, restart every server, and keep the old one until people were seen to sign in (docs/move.md).',
  ]);
}

function tallyLines(tally: Tally): string[] {
  const width = Math.max(0, ...Object.keys(tally).map((kind) => kind.length));
  return Object.entries(tally).map(
    ([kind, { count, digest }]) => `  ${kind.padEnd(width)}  ${String(count).padStart(9)}  ${digest.slice(0, 16)}`,
  );
}

async function giveUp({ environment, layers, output }: AtSurroundings, { from, to }: MoveAddresses): Promise<ExitCode> {
  const source = readSourceConfig(environment, layers, from);
  if (source.kind === 'problems') return refuseSettings(output, source.problems);
  const hasTarget = to !== undefined || environment['STORE_URL_TO'] || environment['STORE_URL_TO_FILE'];
  const target = hasTarget ? readTargetConfig(environment, layers, to) : undefined;
  if (target?.kind === 'problems') return refuseSettings(output, target.problems);
  const result = await undoMoves(source.config, target?.config);
  if (result.kind === 'refused') return output.problem({ code: result.code, detail: result.detail });
  const data = { moved_to: result.to, was_moved: result.wasMoved, target_emptied: result.isTargetEmpty };
  return output.result(
    data,
    result.wasMoved
      ? [
          `The store had been moved to ${result.to}. What has come there since is not in this one, and sessions that were ended`,
          'there would live again: stop every server, then run `sso-bridge store restored` on this one (docs/backup.md).',
        ]
      : [
          'The move is given up: the store takes writes again.',
          result.isTargetEmpty
            ? `What was copied to ${result.to} is removed.`
            : `What was copied to ${result.to} is still there; no server starts on it. Empty it before another move.`,
        ],
  );
}
