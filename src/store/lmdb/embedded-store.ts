// The store on LMDB: a folder on disk, no server, several processes at once. Owns the encoding of values; transactions,
// grouping and chunks are embedded-engine.ts, the keys embedded-keys.ts.

import { takeEnsured } from '../ensured.ts';
import { checkOnePartition, readTtl } from '../names.ts';
import type { Address, Write } from '../store.ts';
import type { EngineStore } from '../store-items.ts';
import { type EmbeddedEngine, openEngine } from './embedded-engine.ts';
import { createEmbeddedItems } from './embedded-items.ts';
import { addressKey, endOf, partitionPrefix, tableKeys } from './embedded-keys.ts';
import { createLogs } from './embedded-logs.ts';
import { createTables } from './embedded-tables.ts';
import { createValues, startSweeping } from './embedded-values.ts';

const keysPerRead = 500;
const sweepEveryMs = 5_000;

export interface EmbeddedStoreOptions {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** How often expired values are removed from disk; readers do not see them in any case. */
  readonly sweepMilliseconds?: number;
  /** Of the folder's disk. */
  readonly freeBytes?: (path: string) => number;
}

/** Opens the folder, created if necessary. Another process may have it open too. Rejects with StoreUnavailable. */
export async function openEmbeddedStore(path: string, options: EmbeddedStoreOptions = {}): Promise<EngineStore> {
  // Long because of the verbs of the port, each a few lines.
  const engine = openEngine(path, options.freeBytes);
  const values = createValues(engine, options.clock ?? Date.now);
  const tables = createTables(engine);
  const logs = createLogs(engine, values, options.clock ?? Date.now);
  const stopSweeping = startSweeping(engine, values, options.sweepMilliseconds ?? sweepEveryMs);
  const readAt = (at: Address, key: Buffer) => (at.table === undefined ? values.get(key) : engine.get(key));

  /** Validates names and ttl now, writes when called: a job in a group must not throw. */
  function prepare(write: Write): () => void {
    if (write.kind === 'append') return logs.prepareAppend(write.log, write.value);
    const key = addressKey(write.at);
    if (write.kind === 'remove')
      return write.at.table === undefined ? () => values.remove(key) : () => engine.remove(key);
    const ttl = readTtl(write.at, write.ttlSeconds);
    return write.at.table === undefined ? () => values.put(key, write.value, ttl) : () => engine.put(key, write.value);
  }

  return {
    async get(addresses) {
      checkOnePartition(addresses.map((at) => at.partition));
      const keyed = addresses.map((at) => ({ at, key: addressKey(at) }));
      return engine.read(() => keyed.map(({ at, key }) => readAt(at, key)));
    },
    async put(at, value, { ttlSeconds, onlyIfAbsent = false } = {}) {
      const key = addressKey(at);
      const write = prepare({ kind: 'put', at, value, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) });
      return engine.write(() => {
        if (onlyIfAbsent && readAt(at, key) !== undefined) return false;
        write();
        return true;
      });
    },
    async take(at) {
      const key = addressKey(at);
      const remove = prepare({ kind: 'remove', at });
      return engine.write(() => {
        const value = readAt(at, key);
        if (value !== undefined) remove();
        return value;
      });
    },
    async remove(at) {
      await engine.write(prepare({ kind: 'remove', at }));
    },
    async commit(conditions, writes) {
      checkOnePartition([
        ...conditions.map(({ at }) => at.partition),
        ...writes.map((write) => (write.kind === 'append' ? write.log.partition : write.at.partition)),
      ]);
      const { ensured, ...others } = takeEnsured(conditions, writes);
      const checks = others.conditions.map(({ at, oneOf }) => ({ at, oneOf, key: addressKey(at) }));
      const puts = ensured.map(({ at, value }) => {
        return { at, value, key: addressKey(at), put: prepare({ kind: 'put', at, value }) };
      });
      const jobs = others.writes.map(prepare);
      return engine.write(() => {
        if (!checks.every(({ at, oneOf, key }) => isOneOf(readAt(at, key), oneOf))) return false;
        const found = puts.map(({ at, key }) => readAt(at, key));
        if (!puts.every(({ value }, index) => isOneOf(found[index], [undefined, value]))) return false;
        for (const [index, { put }] of puts.entries()) if (found[index] === undefined) put();
        for (const job of jobs) job();
        return true;
      });
    },
    load: tables.load,
    find: tables.find,
    lookUp: tables.lookUp,
    scan: tables.scan,
    count: async (partition, table) => engine.count(tableKeys(partition, table).rows),
    async drop(partition, table) {
      const { rows, first, more } = tableKeys(partition, table);
      for (const prefix of [rows, first, more]) await removeAll(engine, prefix, (key) => engine.remove(key));
    },
    page: logs.page,
    async erase(partition) {
      const prefix = partitionPrefix(partition);
      const kindAt = prefix.length;
      const expires = (key: Buffer) => key[kindAt] === 0x76 || key[kindAt] === 0x6c;
      await removeAll(engine, prefix, (key) => (expires(key) ? values.remove(key) : engine.remove(key)));
    },
    async *dump() {
      for await (const chunk of engine.walk(Buffer.of(0), Buffer.of(0xff), keysPerRead)) {
        for (const { key, value } of chunk) yield [key, value] as const;
      }
    },
    items: createEmbeddedItems(engine, values, options.clock ?? Date.now),
    epoch: engine.epoch,
    ping: async () => void engine.read(() => engine.get(Buffer.from('x'))),
    async close() {
      await stopSweeping();
      await engine.close();
    },
  };
}

function isOneOf(value: Buffer | undefined, wanted: readonly (Buffer | undefined)[]): boolean {
  return wanted.some((one) => (one === undefined || value === undefined ? one === value : one.equals(value)));
}

async function removeAll(engine: EmbeddedEngine, prefix: Buffer, remove: (key: Buffer) => void): Promise<void> {
  const removeSome = () => {
    const keys = engine.keys(prefix, endOf(prefix), keysPerRead);
    for (const key of keys) remove(key);
    return keys.length;
  };
  while ((await engine.write(removeSome)) > 0);
}
