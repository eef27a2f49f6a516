// A move through files, if the two places cannot reach each other. `export` closes the old store as a move does,
// `import` fills the new one. The files are export-files.ts.
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStoreIdentity } from '../guard/store-identity.ts';
import { makeFolder } from '../make-folder.ts';
import { folderHint, StoreUnavailable } from '../store.ts';
import { openWrapped, putWrappedRoot, readWrappedRoot, rewrapRoot, type StoreKey, WrongStoreKeys } from '../vault.ts';
import { type ItemSource, readOffset, sourceOf } from './copy-items.ts';
import {
  beginExport,
  findBrokenPart,
  finishExport,
  type Manifest,
  readManifest,
  readParts,
  readState,
  writeParts,
} from './export-files.ts';
import { readMoveMarker } from './move-marker.ts';
import {
  fillTarget,
  findHeld,
  type MoveReport,
  type MoveResult,
  type MoveSide,
  MoveTakenOver,
  markMoved,
  markSource,
  markTarget,
  openTarget,
  refuseMove,
  waitForLease,
} from './move-store.ts';
import { createTally, findDifferentKinds, isOfOneStore, type Tally, totalOf } from './tally.ts';

const maxRounds = 3;

/**
 * Writes the store into an empty or new folder, or continues the same export.
 * @param toKeys that will open it
 * @param settleMs until no server writes to the old store any more
 * @throws WrongStoreKeys, StoreUnavailable
 */
export async function exportStore(
  source: MoveSide,
  path: string,
  toKeys: readonly StoreKey[],
  report: MoveReport,
  settleMs: number,
): Promise<MoveResult> {
  const folder = resolve(path);
  const place = `export:${folder}`;
  const root = await readWrappedRoot(source.store);
  if (root === undefined) return refuseMove('source_empty', `There is no store at ${source.place}.`);
  const vault = openWrapped(root, source.keys);
  const failed = tryFolder(folder);
  if (failed !== undefined) return failed;
  const [found, state] = [await readMoveMarker(source.store), await readState(folder)];
  if (found?.role === 'target')
    return refuseMove('source_unfinished', `The store at ${source.place} is the target of an unfinished move.`);
  if (found !== undefined && found.to !== place) {
    if (found.state === 'moved')
      return refuseMove('source_moved', `The store at ${source.place} was moved to ${found.to} at ${found.since}.`);
    return refuseMove('other_move', `A move of ${source.place} to ${found.to} is not finished: finish it, or --undo.`);
  }
  if (found?.state === 'moved' && state.kind === 'whole' && state.id === found.id)
    return { kind: 'done', id: found.id, items: {}, isAlready: true };
  const isOwn = (state.kind === 'unfinished' || state.kind === 'whole') && state.id === found?.id;
  if (state.kind !== 'empty' && !isOwn)
    return refuseMove('export_exists', `There is something in ${folder}; an export never replaces.`);

  const marker = found ?? (await markSource(source, { place }, report, vault));
  if (state.kind !== 'whole') {
    report.notice(`Waiting until no server writes to ${source.place} …`);
    await sleep(settleMs);
    const items = await writeExport(source, folder, marker.id, rewrapRoot(root, source.keys, toKeys), report);
    if (items === undefined)
      return refuseMove('check_failed', `Something still writes to ${source.place}. Give the export up with --undo.`);
  }
  await markMoved(source, marker);
  const read = await readManifest(folder);
  return { kind: 'done', id: marker.id, items: read.kind === 'manifest' ? read.manifest.items : {}, isAlready: false };
}

/** Before the store is closed for writes: otherwise a folder that cannot be created would leave it closed. */
function tryFolder(folder: string): MoveResult | undefined {
  try {
    makeFolder(folder, 0o700);
    return undefined;
  } catch (failure) {
    const { reason } = new StoreUnavailable(failure);
    return refuseMove('export_folder', `No folder can be made at ${folder}: ${reason}.${folderHint(reason)}`);
  }
}

/** Writes it, then counts the store again: undefined if it changed. */
async function writeExport(
  { store, place, keys }: MoveSide,
  folder: string,
  id: string,
  root: Buffer,
  report: MoveReport,
): Promise<Tally | undefined> {
  const wrapped = await readWrappedRoot(store);
  if (wrapped === undefined) return undefined;
  const vault = openWrapped(wrapped, keys);
  const source = sourceOf(store.items, await readOffset(store.items));
  const total = await source.count();
  for (let round = 0; round < maxRounds; round += 1) {
    await beginExport(folder, id);
    const [written, counted] = [createTally(), createTally()];
    const walked = counting(source, written, (done) => report.progress('copy', done, total));
    const parts = await writeParts(folder, id, vault, walked);
    for await (const _batch of counting(source, counted, (done) => report.progress('compare', done, total)));
    const items = written.result();
    if (findDifferentKinds(items, counted.result()).length > 0) continue;
    const takenAt = new Date().toISOString();
    await finishExport(folder, vault, { id, taken_at: takenAt, from: place, root: root.toString(), items, parts });
    return items;
  }
  return undefined;
}

async function* counting({ walk }: ItemSource, tally: ReturnType<typeof createTally>, onItems: (done: number) => void) {
  let done = 0;
  for await (const batch of walk()) {
    const items = batch.filter((item) => !isOfOneStore(item));
    tally.add(items);
    done += batch.length;
    onItems(done);
    yield items;
  }
}

/**
 * Fills an empty place from an export, or continues the same import. Reads and verifies all of it before the first
 * write.
 * @throws StoreUnavailable
 */
export async function importStore(path: string, target: MoveSide, report: MoveReport): Promise<MoveResult> {
  const folder = resolve(path);
  const read = await readManifest(folder);
  if (read.kind === 'refused') return refuseMove(read.code, read.detail);
  const { manifest } = read;
  const root = Buffer.from(manifest.root);
  const opened = openManifest(root, target.keys);
  if (opened.kind === 'refused') return refuseMove('export_foreign', `The export in ${folder}: ${opened.detail}`);
  const { vault } = opened;
  const broken = await findBrokenPart(folder, vault, manifest);
  if (broken !== undefined)
    return refuseMove(
      'export_broken',
      `${broken} in ${folder} is missing or not what was exported. Nothing was changed.`,
    );
  const refusal = await refuseHeld(target, manifest);
  if (refusal !== undefined) return refusal;
  const lease = await waitForLease(target, report);
  if (lease === undefined)
    return refuseMove('move_running', `Another process is filling ${target.place}: let it finish, or end it.`);
  try {
    // Checked again: another process may have finished while this one waited.
    const refusedNow = await refuseHeld(target, manifest);
    if (refusedNow !== undefined) return refusedNow;
    await markTarget(target, manifest.from, { id: manifest.id, since: manifest.taken_at });
    const from = exportSource(folder, vault, manifest);
    const filled = await fillTarget(from, target, manifest.id, lease, report);
    if (filled.kind === 'refused') return filled;
    await putWrappedRoot(target.store, rewrapRoot(root, target.keys, target.keys));
    await openStoreIdentity(target.store, vault);
    await report.done(vault, manifest.id, filled.items);
    await openTarget(target, manifest.id);
    return { kind: 'done', id: manifest.id, items: filled.items, isAlready: false };
  } catch (failure) {
    if (!(failure instanceof MoveTakenOver)) throw failure;
    return refuseMove('move_taken_over', `Another process went on with ${target.place}.`);
  } finally {
    await lease.release();
  }
}

/** Undefined for a place that is empty, or partly filled from this export. */
async function refuseHeld({ store, place }: MoveSide, { id }: Manifest): Promise<MoveResult | undefined> {
  const there = await readMoveMarker(store);
  if (there?.role === 'target' && there.id === id) return undefined;
  const held = there === undefined ? await findHeld(store) : 'it is part of another move';
  return held === undefined
    ? undefined
    : refuseMove('target_not_empty', `${place} is not empty: ${held}. An export goes into an empty place only.`);
}

function openManifest(root: Buffer, keys: readonly StoreKey[]) {
  try {
    return { kind: 'opened', vault: openWrapped(root, keys) } as const;
  } catch (failure) {
    if (failure instanceof WrongStoreKeys) return { kind: 'refused', detail: failure.message } as const;
    if (failure instanceof SyntaxError) return { kind: 'refused', detail: 'its root key is not readable' } as const;
    throw failure;
  }
}

/** Omits what has expired since the export. */
const exportSource = (folder: string, vault: ReturnType<typeof openWrapped>, manifest: Manifest): ItemSource => ({
  count: async () => totalOf(manifest.items),
  async *walk() {
    const isLive = ({ expiresAt = Number.POSITIVE_INFINITY }: { readonly expiresAt?: number }) =>
      expiresAt > Date.now();
    for await (const batch of readParts(folder, vault, manifest)) yield batch.filter(isLive);
  },
});
