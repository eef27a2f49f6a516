// A store that detects the loss of its data: emptied, replaced by another, or lost in part. It then rejects reads, so
// that "absent" is never mistaken for "no such person". store-inspection.ts judges.
import type { Store } from '../store.ts';
import type { IdentityMark } from './store-identity.ts';
import { createStoreInspection, type StoreInspection } from './store-inspection.ts';

export interface StoreGuard extends Pick<StoreInspection, 'health' | 'readOnlyReason' | 'onChange'> {
  /** Starts a check every second, even without requests. */
  start(): void;
}

export interface GuardedStore extends Store {
  readonly guard: StoreGuard;
}

const everyMs = 1_000;

const never = (): boolean => false;
const isAbsent = (value: unknown): boolean => value === undefined;
const areAbsent = (values: readonly unknown[]): boolean => values.every(isAbsent);
const isEmpty = (list: readonly unknown[]): boolean => list.length === 0;

/** @param identities all of them are present */
export function guardStore(store: Store, identities: readonly IdentityMark[]): GuardedStore {
  const inspection = createStoreInspection(store, identities);
  const { ask, write, removal, walk } = inspection;
  let timer: NodeJS.Timeout | undefined;
  const { replicaWait, time } = store;
  return {
    get: (addresses) => ask(() => store.get(addresses), addresses.length > 0 ? areAbsent : never),
    put: (at, value, options) => write(() => store.put(at, value, options)),
    take: (at) => removal(() => store.take(at), isAbsent),
    remove: (at) => write(() => store.remove(at)),
    commit: (conditions, writes) => write(() => store.commit(conditions, writes)),
    load: (partition, table, rows) => write(() => store.load(partition, table, rows)),
    find: (partition, tables, keys) =>
      ask(() => store.find(partition, tables, keys), tables.length > 0 && keys.length > 0 ? isEmpty : never),
    lookUp: (partition, tables, keys, ids) =>
      ask(
        () => store.lookUp(partition, tables, keys, ids),
        (found) => keys.length + ids.length > 0 && found.every(({ pages }) => pages.length === 0),
      ),
    scan: (partition, table, batch) => walk(store.scan(partition, table, batch)),
    count: (partition, table) =>
      ask(
        () => store.count(partition, table),
        (rows) => rows === 0,
      ),
    drop: (partition, table) => removal(() => store.drop(partition, table)),
    page: (log, from, limit) => ask(() => store.page(log, from, limit), limit > 0 ? isEmpty : never),
    erase: (partition) => removal(() => store.erase(partition)),
    dump: () => walk(store.dump()),
    ...(replicaWait === undefined
      ? {}
      : {
          replicaWait: (partitions: readonly string[]) => {
            const wait = replicaWait(partitions);
            return () => ask(wait);
          },
        }),
    ...(time === undefined ? {} : { time: () => ask(time) }),
    ping: inspection.check,
    async close() {
      clearInterval(timer);
      await store.close();
    },
    guard: {
      health: inspection.health,
      readOnlyReason: inspection.readOnlyReason,
      onChange: inspection.onChange,
      start() {
        if (timer === undefined) void inspection.inspect();
        timer ??= setInterval(() => void inspection.inspect(), everyMs).unref();
      },
    },
  };
}
