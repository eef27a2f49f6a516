// Moves a store to another place: marks both, waits until no server writes to the old one, copies, compares, and hands
// over. A repeated run continues after an interruption, or cancels the move. move-watch.ts is the part of the servers on
// the old store.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { restoredCopyAt, writeRestoredCopyMarker } from '../backup/restored-copy-marker.ts';
import { openStoreIdentity } from '../guard/store-identity.ts';
import { type Lease, takeLease } from '../lease.ts';
import type { EngineStore } from '../store-items.ts';
import { openWrapped, putWrappedRoot, readWrappedRoot, rewrapRoot, type StoreKey, type Vault } from '../vault.ts';
import { compareItems, copyItems, type ItemSource, readOffset, sourceOf } from './copy-items.ts';
import { type MoveMarker, moveAt, readMoveMarker, type SourceMarker, writeMoveMarker } from './move-marker.ts';
import type { Tally } from './tally.ts';

/** One of the two stores, open. */
export interface MoveSide {
  readonly store: EngineStore;
  readonly keys: readonly StoreKey[];
  /** The name from place.ts. */
  readonly place: string;
}

export interface MoveReport {
  /** @param total of items, approximately */
  progress(step: 'copy' | 'compare' | 'check', done: number, total: number): void;
  /** A message about a step that takes a while. */
  notice(line: string): void;
  /** Called before the first write; the audit log entry is moved with the rest. */
  begun(vault: Vault): Promise<void>;
  /** The target is complete and not yet in use. May be called again after an interruption, with the same id. */
  done(vault: Vault, id: string, tally: Tally): Promise<void>;
}

/** From export-files.ts. */
type ExportRefusal =
  | 'export_exists'
  | 'export_folder'
  | 'export_missing'
  | 'export_unfinished'
  | 'export_version'
  | 'export_broken'
  | 'export_foreign';

type MoveRefusal =
  | 'same_place'
  | 'source_empty'
  | 'source_unfinished'
  | 'source_moved'
  | 'other_move'
  | 'target_not_empty'
  | 'move_running'
  | 'move_taken_over'
  | 'check_failed'
  | ExportRefusal;

export type MoveResult =
  | { readonly kind: 'done'; readonly id: string; readonly items: Tally; readonly isAlready: boolean }
  | { readonly kind: 'refused'; readonly code: MoveRefusal; readonly detail: string };

export const refuseMove = (code: MoveRefusal, detail: string): MoveResult => ({ kind: 'refused', code, detail });

/** The mover's lease, in the target: a second mover must not write after the first has handed over. */
const leaseAt = { partition: 'vault', id: 'move-lease' };
const leaseTimes = { ttlSeconds: 15, renewEverySeconds: 4 };
const maxRounds = 3;

/** Another process moves the store, or the target was released meanwhile. */
export class MoveTakenOver extends Error {}

/**
 * @param settleMs until no server writes to the old store any more
 * @throws WrongStoreKeys, StoreUnavailable
 */
export async function moveStore(
  source: MoveSide,
  target: MoveSide,
  report: MoveReport,
  settleMs: number,
): Promise<MoveResult> {
  const first = await judge(source, target);
  if (first.kind !== 'move') return toResult(first);
  const vault = openWrapped(first.root, source.keys);
  const lease = await waitForLease(target, report);
  if (lease === undefined)
    return refuseMove(
      'move_running',
      `Another process is moving a store to ${target.place}: let it finish, or end it.`,
    );
  try {
    // Checked again: another process may have finished while this one waited.
    const state = await judge(source, target);
    if (state.kind !== 'move') return toResult(state);
    const marker = state.marker ?? (await markSource(source, target, report, vault));
    await markTarget(target, source.place, marker);
    if (marker.state === 'moving') {
      report.notice(`Waiting until no server writes to ${source.place} …`);
      await sleep(settleMs);
    }
    const offsetMs = await readOffset(source.store.items);
    const copied = await fillTarget(sourceOf(source.store.items, offsetMs), target, marker.id, lease, report);
    if (copied.kind === 'refused') return copied;
    await handOver(source, target, vault, state.root, marker);
    await report.done(vault, marker.id, copied.items);
    await openTarget(target, marker.id);
    return { kind: 'done', id: marker.id, items: copied.items, isAlready: false };
  } catch (failure) {
    if (!(failure instanceof MoveTakenOver)) throw failure;
    return refuseMove(
      'move_taken_over',
      `The move to ${target.place} was given up, or another process went on with it.`,
    );
  } finally {
    await lease.release();
  }
}

type Judgement =
  | Extract<MoveResult, { readonly kind: 'refused' }>
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'move'; readonly root: Buffer; readonly marker: SourceMarker | undefined };

const toResult = (judged: Exclude<Judgement, { readonly kind: 'move' }>): MoveResult =>
  judged.kind === 'refused' ? judged : { kind: 'done', id: judged.id, items: {}, isAlready: true };

/** Decides what may be done from the state of both places. Writes nothing. */
async function judge(source: MoveSide, target: MoveSide): Promise<Judgement> {
  const refused = (code: MoveRefusal, detail: string) => ({ kind: 'refused', code, detail }) as const;
  if (source.place === target.place) return refused('same_place', `Both places are ${source.place}.`);
  const root = await readWrappedRoot(source.store);
  if (root === undefined) return refused('source_empty', `There is no store at ${source.place}.`);
  const marker = await readMoveMarker(source.store);
  if (marker?.role === 'target')
    return refused(
      'source_unfinished',
      `The store at ${source.place} is itself the target of a move from ${marker.from} that is not finished.`,
    );
  if (marker !== undefined && marker.to !== target.place)
    return marker.state === 'moved'
      ? refused('source_moved', `The store at ${source.place} was moved to ${marker.to} at ${marker.since}.`)
      : refused(
          'other_move',
          `A move of ${source.place} to ${marker.to} is not finished: go on with that one, or give it up with --undo.`,
        );
  const there = await readMoveMarker(target.store);
  const isSameMove = marker !== undefined && there?.role === 'target' && there.id === marker.id;
  if (isSameMove) return { kind: 'move', root, marker };
  if (marker?.state === 'moved')
    return (await readWrappedRoot(target.store)) === undefined
      ? refused('source_moved', `The store at ${source.place} was moved to ${marker.to}, which is empty now.`)
      : { kind: 'done', id: marker.id };
  const held = there === undefined ? await findHeld(target.store) : describeMarker(there);
  if (held !== undefined)
    return refused(
      'target_not_empty',
      `${target.place} is not empty: ${held}. A store is moved into an empty place only.`,
    );
  return { kind: 'move', root, marker };
}

const describeMarker = (marker: MoveMarker): string =>
  marker.role === 'target'
    ? `it is the target of another move, from ${marker.from}`
    : `its store was moved to ${marker.to}`;

/** Why a place is not empty, in words; undefined if it is empty. */
export async function findHeld({ items, get }: EngineStore): Promise<string | undefined> {
  if ((await readWrappedRoot({ get })) !== undefined) return 'it holds a store of the bridge';
  for await (const batch of items.walk())
    if (batch.some(({ partition, id }) => partition !== leaseAt.partition || id !== leaseAt.id))
      return 'it holds part of a store of the bridge';
  return undefined;
}

/** A killed mover holds its lease a little longer. */
export async function waitForLease(
  { store }: Pick<MoveSide, 'store'>,
  report: Pick<MoveReport, 'notice'>,
): Promise<Lease | undefined> {
  const deadline = performance.now() + 2_000 * leaseTimes.ttlSeconds;
  for (let turn = 0; performance.now() < deadline; turn += 1) {
    const lease = await takeLease(store, leaseAt, leaseTimes, new MoveTakenOver('the lease was lost'));
    if (lease !== undefined) return lease;
    if (turn === 0) report.notice('Waiting for another move, or for one that was broken off, to let go …');
    await sleep(500);
  }
  return undefined;
}

export async function markSource(
  source: Pick<MoveSide, 'store'>,
  target: Pick<MoveSide, 'place'>,
  report: Pick<MoveReport, 'begun'>,
  vault: Vault,
): Promise<SourceMarker> {
  await report.begun(vault);
  const since = new Date().toISOString();
  const marker: SourceMarker = { role: 'source', id: randomUUID(), state: 'moving', to: target.place, since };
  const isFirst = await source.store.put(moveAt, writeMoveMarker(marker), { onlyIfAbsent: true });
  if (!isFirst) throw new MoveTakenOver();
  return marker;
}

export async function markTarget(
  { store }: Pick<MoveSide, 'store'>,
  from: string,
  { id, since }: Pick<SourceMarker, 'id' | 'since'>,
): Promise<void> {
  await store.put(moveAt, writeMoveMarker({ role: 'target', id, from, since }), { onlyIfAbsent: true });
}

/** Copies until both are the same; a write in progress when the old store was closed makes another round. */
export async function fillTarget(
  from: ItemSource,
  { store, place }: Pick<MoveSide, 'store' | 'place'>,
  id: string,
  lease: Lease,
  report: Pick<MoveReport, 'progress'>,
): Promise<Extract<MoveResult, { readonly kind: 'refused' }> | { readonly kind: 'copied'; readonly items: Tally }> {
  const total = await from.count();
  const toOffsetMs = await readOffset(store.items);
  const checkTurn = async () => {
    lease.signal.throwIfAborted();
    const marker = await readMoveMarker(store);
    if (marker?.role !== 'target' || marker.id !== id) throw new MoveTakenOver();
  };
  let kinds: readonly string[] = [];
  for (let round = 0; round < maxRounds; round += 1) {
    const pass = { from, to: store.items, toOffsetMs, checkTurn };
    await copyItems({ ...pass, onItems: (done) => report.progress('copy', done, total) });
    const compared = await compareItems({ ...pass, onItems: (done) => report.progress('compare', done, total) });
    await checkTurn();
    if (compared.different === 0 && compared.kinds.length === 0) return { kind: 'copied', items: compared.target };
    kinds = compared.kinds;
  }
  const what = kinds.length === 0 ? 'items' : kinds.join(', ');
  return {
    kind: 'refused',
    code: 'check_failed',
    detail: `The copy at ${place} is not what the original is (${what}), as if something still writes to one of them. Give the move up with --undo and --to, then begin again.`,
  };
}

async function handOver(
  source: MoveSide,
  target: MoveSide,
  vault: Vault,
  root: Buffer,
  marker: SourceMarker,
): Promise<void> {
  await putWrappedRoot(target.store, rewrapRoot(root, source.keys, target.keys));
  await openStoreIdentity(target.store, vault);
  await markMoved(source, marker);
}

/** The old store is out of date from here on. */
export async function markMoved(source: Pick<MoveSide, 'store'>, marker: SourceMarker): Promise<void> {
  if (marker.state === 'moved') return;
  const moved: SourceMarker = { ...marker, state: 'moved', since: new Date().toISOString() };
  const isDone = await source.store.commit(
    [{ at: moveAt, oneOf: [writeMoveMarker(marker)] }],
    [{ kind: 'put', at: moveAt, value: writeMoveMarker(moved) }],
  );
  if (!isDone) throw new MoveTakenOver();
}

/** The last step: servers may start on the target. */
export async function openTarget({ store }: Pick<MoveSide, 'store'>, id: string): Promise<void> {
  const marker = await readMoveMarker(store);
  if (marker?.role !== 'target' || marker.id !== id) throw new MoveTakenOver();
  await store.remove(moveAt);
}

export type UndoResult =
  | { readonly kind: 'undone'; readonly to: string; readonly wasMoved: boolean; readonly isTargetEmpty: boolean }
  | { readonly kind: 'refused'; readonly code: 'no_move'; readonly detail: string };

/**
 * Cancels a move: the old store accepts writes again. One that was already moved is treated as a restored backup, since
 * sessions that were ended in the new store would be active again.
 * @param target of an unfinished move; it is emptied
 */
export async function undoMove(
  source: Pick<MoveSide, 'store' | 'place'>,
  target: Pick<MoveSide, 'store'> | undefined,
): Promise<UndoResult> {
  const marker = await readMoveMarker(source.store);
  if (marker?.role !== 'source')
    return { kind: 'refused', code: 'no_move', detail: `The store at ${source.place} is not being moved and was not.` };
  const wasMoved = marker.state === 'moved';
  const isTargetEmpty = !wasMoved && target !== undefined && (await emptyTarget(target.store, marker.id));
  if (wasMoved) await source.store.put(restoredCopyAt, writeRestoredCopyMarker({ takenAt: marker.since, servers: [] }));
  await source.store.remove(moveAt);
  return { kind: 'undone', to: marker.to, wasMoved, isTargetEmpty };
}

/** Whether it was the target of this move and contains nothing of it now. */
async function emptyTarget(store: EngineStore, id: string): Promise<boolean> {
  const marker = await readMoveMarker(store);
  if (marker?.role !== 'target' || marker.id !== id) return false;
  for await (const batch of store.items.walk())
    for (const partition of new Set(batch.map((item) => item.partition)))
      if (partition !== moveAt.partition) await store.erase(partition);
  // The marker is removed last: a half-emptied store must not be used.
  await store.erase(moveAt.partition);
  return true;
}
