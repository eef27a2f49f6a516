// sso-bridge store migrate
import type { Command } from 'commander';
import { moveStores, type ShowMove, undoMoves } from '../compose/move.ts';
import { type MoveAddresses, readMoveConfig, readSourceConfig, readTargetConfig } from '../config/move-config.ts';
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

async function move({ environment, layers, output }: AtSurroundings, given: MoveAddresses): Promise<ExitCode> {
  const read = readMoveConfig(environment, layers, given);
  if (read.kind === 'problems') return refuseSettings(output, read.problems);
  return tellMove(output, await showing(output, (show) => moveStores(read.config, show)));
}

/** The bar is gone before the result is printed. */
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

function tellMove(output: Output, result: MoveResult): ExitCode {
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

export function tallyLines(tally: Tally): string[] {
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
