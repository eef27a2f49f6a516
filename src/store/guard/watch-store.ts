// A store whose calls are reported: how long each took and whether it was answered; in a request that is traced, each is a
// span (background work makes too many of them). Wraps any engine, changes no answer.
import { inSpan, isInRequest } from '../../trace/request-context.ts';
import type { ReplicaState, Store } from '../store.ts';

/** The verbs whose time says something about the engine; a walk's time is its reader's. */
type WatchedVerb = 'get' | 'put' | 'take' | 'remove' | 'commit' | 'load' | 'find' | 'lookUp' | 'page' | 'settle';

export interface StoreCall {
  readonly verb: WatchedVerb;
  readonly seconds: number;
  readonly isAnswered: boolean;
  readonly replicaState?: ReplicaState;
}

export function watchStore(store: Store, report: (call: StoreCall) => void): Store {
  async function watch<Value>(
    verb: StoreCall['verb'],
    call: () => Promise<Value>,
    factsOf: (value: Value) => Pick<StoreCall, 'replicaState'> = () => ({}),
  ): Promise<Value> {
    const startedAt = performance.now();
    const end = (isAnswered: boolean, facts: Pick<StoreCall, 'replicaState'> = {}) =>
      report({ verb, seconds: (performance.now() - startedAt) / 1000, isAnswered, ...facts });
    try {
      const value = await (isInRequest() ? inSpan(`store ${verb}`, { 'db.operation.name': verb }, call) : call());
      end(true, factsOf(value));
      return value;
    } catch (failure) {
      end(false);
      throw failure;
    }
  }
  const { replicaWait } = store;
  return {
    ...store,
    get: (addresses) => watch('get', () => store.get(addresses)),
    put: (at, value, options) => watch('put', () => store.put(at, value, options)),
    take: (at) => watch('take', () => store.take(at)),
    remove: (at) => watch('remove', () => store.remove(at)),
    commit: (conditions, writes) => watch('commit', () => store.commit(conditions, writes)),
    load: (partition, table, rows) => watch('load', () => store.load(partition, table, rows)),
    find: (partition, tables, keys) => watch('find', () => store.find(partition, tables, keys)),
    lookUp: (partition, tables, keys, ids) => watch('lookUp', () => store.lookUp(partition, tables, keys, ids)),
    page: (log, from, limit) => watch('page', () => store.page(log, from, limit)),
    ...(replicaWait === undefined
      ? {}
      : {
          replicaWait: (partitions: readonly string[]) => {
            const wait = replicaWait(partitions);
            return () => watch('settle', wait, (replicaState) => ({ replicaState }));
          },
        }),
  };
}
