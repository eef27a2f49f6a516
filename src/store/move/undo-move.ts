// Cancels a move: the old store accepts writes again. One that was already moved is treated as a restored backup, since
// sessions that were ended in the new store would be active again.
import { restoredCopyAt, writeRestoredCopyMarker } from '../backup/restored-copy-marker.ts';
import type { EngineStore } from '../store-items.ts';
import { moveAt, readMoveMarker } from './move-marker.ts';
import type { MoveSide } from './move-store.ts';

export type UndoResult =
  | { readonly kind: 'undone'; readonly to: string; readonly wasMoved: boolean; readonly isTargetEmpty: boolean }
  | { readonly kind: 'refused'; readonly code: 'no_move'; readonly detail: string };

/** @param target of an unfinished move; it is emptied */
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
