// Moves a store between two places: opens both, and records the move in the audit log that is copied.
import { existsSync } from 'node:fs';
import type { StaffAuditEntry } from '../audit/audit-log.ts';
import type { CommandConfig } from '../config/config.ts';
import type { MoveConfig } from '../config/move-config.ts';
import { checkStore } from '../store/check-store.ts';
import { exportStore, importStore } from '../store/move/export-store.ts';
import {
  type MoveReport,
  type MoveResult,
  type MoveSide,
  moveStore,
  refuseMove,
  type UndoResult,
  undoMove,
} from '../store/move/move-store.ts';
import { noticeMs } from '../store/move/move-watch.ts';
import { PlaceSilent, placeOf } from '../store/move/place.ts';
import { totalOf } from '../store/move/tally.ts';
import { openStore } from '../store/open-store.ts';
import { StoreUnavailable } from '../store/store.ts';
import { checkStoreFormat } from '../store/store-format.ts';
import type { EngineStore } from '../store/store-items.ts';
import { openWrapped, readWrappedRoot, type StoreKey, type Vault } from '../store/vault.ts';
import { createAudit, readOperator } from './audit.ts';
import { answerTimeOf, storeKeys } from './storage.ts';

/** A page of a roster has some 100 kB, and a hundred of them are sent together. Milliseconds. */
const patientMs = 20_000;
/** A server's timeout for one answer if STORE_TIMEOUT is not set. Milliseconds. */
const defaultAnswerMs = 2_000;

export type ShowMove = Pick<MoveReport, 'progress' | 'notice'>;

/** @throws StoreUnavailable, WrongStoreKeys, WrongStoreFormat, StoreRefused */
export async function moveStores({ source, target }: MoveConfig, show: ShowMove): Promise<MoveResult> {
  if (isMissing(source)) return refuseMissing(source);
  return withSides(source, target, async (from, to) => {
    await checkStoreFormat(from.store);
    await noticeSettings(target, show);
    return moveStore(from, to, createReport(from, to, to.place, show), noticeMs + answerMsOf(source));
  });
}

/** @param toKeys that will open the export */
export async function exportTo(
  source: CommandConfig,
  folder: string,
  toKeys: readonly StoreKey[] | undefined,
  show: ShowMove,
): Promise<MoveResult> {
  if (isMissing(source)) return refuseMissing(source);
  return withSide(source, async (from) => {
    await checkStoreFormat(from.store);
    const report = createReport(from, from, folder, show);
    return exportStore(from, folder, toKeys ?? from.keys, report, noticeMs + answerMsOf(source));
  });
}

export async function importFrom(folder: string, target: CommandConfig, show: ShowMove): Promise<MoveResult> {
  return withSide(target, async (to) => {
    await noticeSettings(target, show);
    return importStore(folder, to, createReport({ place: `export:${folder}` }, to, to.place, show));
  });
}

/** @param target of an unfinished move, to be emptied */
export async function undoMoves(source: CommandConfig, target: CommandConfig | undefined): Promise<UndoResult> {
  return withSide(source, async (from) => {
    const undo = (to?: MoveSide) => undoMove(from, to);
    const result = target === undefined ? await undo() : await withSide(target, undo);
    if (result.kind === 'refused') return result;
    const root = await readWrappedRoot(from.store);
    if (root !== undefined)
      await record(from.store, openWrapped(root, from.keys), 'store_move_undone', { to: result.to });
    return result;
  });
}

/** Opening an embedded store would create the folder. */
const isMissing = ({ STORE_URL: url }: CommandConfig): boolean => url.kind === 'embedded' && !existsSync(url.path);

const refuseMissing = ({ STORE_URL: url }: CommandConfig) =>
  refuseMove('source_empty', `There is no store at ${placeOf(url)}.`);

/** Warnings about the settings of the target's servers. @throws StoreRefused */
async function noticeSettings(target: CommandConfig, { notice }: ShowMove): Promise<void> {
  const problems = await checkStore(target.STORE_URL, target.NODE_ENV === 'production', answerTimeOf(target));
  for (const { node, detail } of problems) notice(`${node}: ${detail}`);
}

function createReport(
  from: Pick<MoveSide, 'place'> & Partial<Pick<MoveSide, 'store'>>,
  to: Pick<MoveSide, 'store'>,
  toPlace: string,
  show: ShowMove,
): MoveReport {
  const places = { from: from.place, to: toPlace };
  return {
    ...show,
    begun: async (vault) => {
      if (from.store !== undefined) await record(from.store, vault, 'store_move_begun', places);
    },
    async done(vault, id, items) {
      const { staffAuditLog } = createAudit({ store: to.store, vault, clock: Date.now });
      const { entries } = await staffAuditLog.page(1, undefined, { action: 'store_moved' });
      // Of the same move, if it was interrupted right after this entry.
      if (entries[0]?.['move'] === id) return;
      await record(to.store, vault, 'store_moved', { ...places, move: id, items: totalOf(items) });
    },
  };
}

async function record(
  store: EngineStore,
  vault: Vault,
  action: StaffAuditEntry['action'],
  facts: Readonly<Record<string, string | number>>,
): Promise<void> {
  const now = await store.items.now();
  const clock = () => Math.floor(now);
  const { staffAuditLog } = createAudit({ store, vault, clock }, readOperator());
  await staffAuditLog.record({ action, at: clock(), by: 'command', why: 'not said', ...facts });
}

function withSides<Value>(
  source: CommandConfig,
  target: CommandConfig,
  work: (from: MoveSide, to: MoveSide) => Promise<Value>,
): Promise<Value> {
  return withSide(source, (from) => withSide(target, (to) => work(from, to)));
}

async function withSide<Value>(config: CommandConfig, work: (side: MoveSide) => Promise<Value>): Promise<Value> {
  const { STORE_URL: url } = config;
  const store = await openStore(url, { answerMs: Math.max(patientMs, answerMsOf(config)) }).catch((failure) => {
    throw failure instanceof StoreUnavailable ? new PlaceSilent(placeOf(url), failure) : failure;
  });
  try {
    return await work({ store, keys: await storeKeys(config), place: placeOf(url) });
  } finally {
    await store.close();
  }
}

const answerMsOf = (config: CommandConfig): number => answerTimeOf(config).answerMs ?? defaultAnswerMs;
