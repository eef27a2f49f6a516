// How the syncs of a district went: the last one, and what the nightly run must know to decide whether it is due. Sealed,
// in the district's partition, gone with it.
import type { Address, Condition, Store, Write } from '../../store/store.ts';
import type { Vault } from '../../store/vault.ts';
import { partitionOf } from '../district.ts';

export interface LastSync {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** `command`, `nightly`, or whoever asked. */
  readonly by: string;
  readonly result: 'published' | 'held' | 'refused' | 'failed';
  /** Why, unless published. */
  readonly code?: string;
  /** Of a failure: one of the words of DataApiReason. */
  readonly reason?: string;
  readonly generation?: string;
  /** What Clever says of the district, where that is why: for people. */
  readonly says?: { readonly error?: string; readonly pauseStart?: string; readonly pauseEnd?: string };
}

export interface SyncState {
  /** When a nightly run first saw the district: it has missed no night before that. */
  readonly firstSeenAt?: number;
  readonly last?: LastSync;
  /** The latest sync that Clever answered, whatever came of it. */
  readonly answeredAt?: number;
  /** The latest sync that was published. */
  readonly publishedAt?: number;
  /** When the failures since the last answer ended; the newest few. */
  readonly failedAt: readonly number[];
}

export interface SyncLog {
  read(districtId: string): Promise<SyncState>;
  record(districtId: string, last: LastSync): Promise<void>;
  /** The same, to be done in the very commit that publishes. */
  recordAlongside(districtId: string, last: LastSync): Promise<{ conditions: Condition[]; writes: Write[] }>;
  markSeen(districtId: string, at: number): Promise<void>;
}

const none: SyncState = { failedAt: [] };
const failuresKept = 20;

export function createSyncLog(store: Store, vault: Vault): SyncLog {
  const addressOf = (districtId: string): Address => ({ partition: partitionOf(vault, districtId), id: 'secure-sync' });

  async function prepare(districtId: string, next: (state: SyncState) => SyncState) {
    const at = addressOf(districtId);
    const [value] = await store.get([at]);
    const sealed = vault.seal(at, JSON.stringify(next(open(at, value))));
    const put: Write = { kind: 'put', at, value: sealed };
    return { conditions: [{ at, oneOf: [value] }], writes: [put] };
  }

  async function change(districtId: string, next: (state: SyncState) => SyncState): Promise<void> {
    const { conditions, writes } = await prepare(districtId, next);
    if (!(await store.commit(conditions, writes))) await change(districtId, next);
  }

  const open = (at: Address, value: Buffer | undefined): SyncState =>
    value === undefined ? none : JSON.parse(vault.open(at, value).toString());

  return {
    async read(districtId) {
      const at = addressOf(districtId);
      return open(at, (await store.get([at]))[0]);
    },
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
