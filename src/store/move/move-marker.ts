// The marker of a move: present in both stores while one is moved into the other, and kept in the old one. Every server
// checks it, so that nothing is written to a store that is being moved. Contains names of places and times, no secrets.
import * as z from 'zod';
import type { Address, Store } from '../store.ts';

export const moveAt: Address = { partition: 'vault', id: 'move' };

const shape = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('source'),
    /** Of the move, the same in both stores. */
    id: z.string(),
    /** `moving`: read-only. `moved`: another store has replaced it. */
    state: z.enum(['moving', 'moved']),
    /** The place, without credentials. */
    to: z.string(),
    /** ISO 8601. */
    since: z.string(),
  }),
  z.object({ role: z.literal('target'), id: z.string(), from: z.string(), since: z.string() }),
]);

export type MoveMarker = z.infer<typeof shape>;
export type SourceMarker = Extract<MoveMarker, { readonly role: 'source' }>;

/** How a server treats its store: `moving` accepts no writes; `moved` neither, and after a while no reads. */
export type MoveState = SourceMarker['state'];

/** The store was moved elsewhere, or is the unfinished target of a move: no server may use it. */
export class StoreMoved extends Error {
  readonly code = 'STORE_MOVED';
  constructor(marker: MoveMarker) {
    super(`STORE_URL: ${marker.role === 'target' ? describeTarget(marker) : describeMoved(marker)} (docs/move.md)`);
    this.name = 'StoreMoved';
  }
}

const describeMoved = ({ to, since }: SourceMarker): string =>
  `this store was moved to ${to} at ${since} and is out of date. Set STORE_URL to the new one. To go back, move that ` +
  'one into an empty place in the same way; or, without what has come since, ' +
  '`sso-bridge store migrate --undo --from URL-OF-THIS-STORE`';

const describeTarget = ({ from }: Extract<MoveMarker, { readonly role: 'target' }>): string =>
  `this store is the target of a move from ${from} that is not finished. Run the move again; or give it up with ` +
  '`sso-bridge store migrate --undo --from … --to …`';

export const writeMoveMarker = (marker: MoveMarker): Buffer => Buffer.from(JSON.stringify(marker));

/** With an unknown marker of a newer version, writes are rejected too. */
const unknownMarker: MoveMarker = { role: 'source', id: '', state: 'moving', to: 'an unknown place', since: '' };

/** @throws StoreUnavailable */
export async function readMoveMarker(store: Pick<Store, 'get'>): Promise<MoveMarker | undefined> {
  const [value] = await store.get([moveAt]);
  return value === undefined ? undefined : parseMarker(value.toString());
}

function parseMarker(text: string): MoveMarker {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return unknownMarker;
  }
}

/**
 * Call when opening a store for use. A store that is being moved opens, but accepts no writes.
 * @throws StoreMoved, StoreUnavailable
 */
export async function refuseMoved(store: Pick<Store, 'get'>): Promise<void> {
  const marker = await readMoveMarker(store);
  if (marker !== undefined && (marker.role === 'target' || marker.state === 'moved')) throw new StoreMoved(marker);
}

/** The cause of a StoreUnavailable: its `code` becomes the reason, `MOVING` or `MOVED`. */
export function moveFailure(state: MoveState): Error {
  return Object.assign(new Error(`the store is ${state}`), { code: state === 'moving' ? 'MOVING' : 'MOVED' });
}
