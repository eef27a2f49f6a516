// Whether the store is being moved, for the guard: checked often enough that the mover can wait until every server
// knows.
import { shareNext } from '../guard/share-next.ts';
import { ignoreSilence, type Store, StoreUnavailable } from '../store.ts';
import { type MoveState, moveFailure, readMoveMarker } from './move-marker.ts';

/** A write is sent only if the marker was checked within this time. Milliseconds. */
const freshMs = 2_000;

/** How long the mover waits, in addition to one answer time, until no earlier write is in progress. */
export const noticeMs = freshMs + 1_000;

/**
 * Sessions are still checked while servers switch to the new store. Later, an old server would accept sessions that
 * were ended there. Milliseconds.
 */
const servesMovedMs = 600_000;

interface MoveWatch {
  state(): MoveState | undefined;
  /** It was moved away long ago, so reads are rejected too. */
  isGone(): boolean;
  /** Reads the marker now. If the store does not answer, the known state stays. */
  refresh(): Promise<void>;
  /** @throws StoreUnavailable with the reason MOVING or MOVED */
  refuseWrites(): Promise<void>;
}

/**
 * @param onChange called after each change of the state
 * @param clock monotonic milliseconds
 */
export function createMoveWatch(
  store: Pick<Store, 'get'>,
  onChange: () => void,
  clock: () => number = () => performance.now(),
): MoveWatch {
  let state: MoveState | undefined;
  let movedSince = Number.POSITIVE_INFINITY;
  let checkedAt = Number.NEGATIVE_INFINITY;

  const refresh = shareNext(async () => {
    const at = clock();
    const marker = await readMoveMarker(store).finally(() => {
      checkedAt = at;
    });
    // Only the mover opens the target of a move.
    const next = marker?.role === 'source' ? marker.state : undefined;
    if (next === state) return;
    state = next;
    movedSince = next === 'moved' ? at : Number.POSITIVE_INFINITY;
    onChange();
  });

  return {
    state: () => state,
    isGone: () => clock() - movedSince > servesMovedMs,
    refresh: () => refresh().catch(ignoreSilence),
    async refuseWrites() {
      if (clock() - checkedAt > freshMs) await refresh().catch(ignoreSilence);
      if (state !== undefined) throw new StoreUnavailable(moveFailure(state));
    },
  };
}
