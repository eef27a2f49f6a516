// The sync log of a district: the last sync, and the state from which the nightly run decides whether one is due.
// Sealed, in the district's partition.

import * as z from 'zod';
import { sealed, storedObject, storedWord } from '../store/sealed.ts';
import type { Address, Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { partitionOf } from './district.ts';

export interface LastSync {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** `command`, `nightly`, or the id of the caller. */
  readonly by: string;
  readonly result: 'published' | 'held' | 'refused' | 'failed';
  /** The reason, unless published. */
  readonly code?: string;
  /** Of a failure: a DataApiReason. */
  readonly reason?: string;
  readonly generation?: string;
  /** Clever's statement about the district, if it is the reason: for display. */
  readonly says?: { readonly error?: string; readonly pauseStart?: string; readonly pauseEnd?: string };
}

export interface SyncState {
  /** When a nightly run first saw the district: nights before that are not missed. */
  readonly firstSeenAt?: number;
  readonly last?: LastSync;
  /** The latest sync that Clever answered, whatever the result. */
  readonly answeredAt?: number;
  /** The latest sync that was published. */
  readonly publishedAt?: number;
  /** End times of the failures since the last answer; the newest few. */
  readonly failedAt: readonly number[];
}

export interface SyncLog {
  read(districtId: string): Promise<SyncState>;
  record(districtId: string, last: LastSync): Promise<void>;
  /** The same, for the commit that publishes. */
  recordAlongside(districtId: string, last: LastSync): Promise<{ conditions: Condition[]; writes: Write[] }>;
  markSeen(districtId: string, at: number): Promise<void>;
}

const stateShape: z.ZodType<SyncState> = z.object({
  firstSeenAt: z.number().exactOptional(),
  last: z
    .object({
      startedAt: z.number(),
      finishedAt: z.number(),
      by: z.string(),
      result: storedWord<LastSync['result']>(),
      code: z.string().exactOptional(),
      reason: z.string().exactOptional(),
      generation: z.string().exactOptional(),
      says: storedObject<NonNullable<LastSync['says']>>().exactOptional(),
    })
    .exactOptional(),
  answeredAt: z.number().exactOptional(),
  publishedAt: z.number().exactOptional(),
  failedAt: z.array(z.number()),
});

const none: SyncState = { failedAt: [] };
const failuresKept = 20;

export function createSyncLog(store: Store, vault: Vault): SyncLog {
  const states = sealed(store, vault, stateShape);
  const addressOf = (districtId: string): Address => ({ partition: partitionOf(vault, districtId), id: 'secure-sync' });

  async function prepare(districtId: string, next: (state: SyncState) => SyncState) {
    const at = addressOf(districtId);
    const [value] = await store.get([at]);
    const put = states.write(at, next(states.openFound(at, value) ?? none));
    return { conditions: [{ at, oneOf: [value] }], writes: [put] };
  }

  async function change(districtId: string, next: (state: SyncState) => SyncState): Promise<void> {
    const { conditions, writes } = await prepare(districtId, next);
    if (!(await store.commit(conditions, writes))) await change(districtId, next);
  }

  return {
    read: async (districtId) => (await states.read(addressOf(districtId))) ?? none,
    record: (districtId, last) => change(districtId, (state) => after(state, last)),
    recordAlongside: (districtId, last) => prepare(districtId, (state) => after(state, last)),
    markSeen: (districtId, at) => change(districtId, (state) => ({ firstSeenAt: at, ...state })),
  };
}

function after(state: SyncState, last: LastSync): SyncState {
  if (last.result === 'failed')
    return { ...state, last, failedAt: [...state.failedAt, last.finishedAt].slice(-failuresKept) };
  return {
    ...state,
    last,
    failedAt: [],
    answeredAt: last.finishedAt,
    ...(last.result === 'published' ? { publishedAt: last.finishedAt } : {}),
  };
}
