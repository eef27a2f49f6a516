// Reports the duration and result of each store call; in a traced request, each is a span (background work makes too
// many). Wraps any engine, changes no result.
import { inSpan, isInRequest } from '../../trace/request-context.ts';
import type { ReplicaState, Store } from '../store.ts';

/** Verbs whose duration depends on the engine; that of a walk depends on its reader. */
type WatchedVerb = 'get' | 'put' | 'take' | 'remove' | 'commit' | 'load' | 'find' | 'lookUp' | 'page' | 'settle';

interface StoreCall {
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
