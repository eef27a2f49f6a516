// The store on LMDB: a folder on disk, no server, several processes at once. Owns what the bytes mean; transactions,
// grouping and chunks are embedded-engine.ts, the keys embedded-keys.ts.

import { type EmbeddedEngine, type Entry, openEngine } from './embedded-engine.ts';
import {
  addressKey,
  endOf,
  expiryKey,
  indexKeys,
  keyOfExpiry,
  logPrefix,
  partitionPrefix,
  tableKeys,
} from './embedded-keys.ts';
import { nextCursor, readCursor } from './log-cursor.ts';
import { checkOnePartition, encodeName, readTtl } from './names.ts';
import { type Address, type Log, type LogEntry, type Row, type Store, StoreUnavailable, type Write } from './store.ts';

const CHUNK = 500;
const SWEEP_CHUNK = 200;
const SWEEP_MILLISECONDS = 5_000;
const EXPIRY_BYTES = 8;

export interface EmbeddedStoreOptions {
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** How often what has expired is removed from disk; it is hidden from readers at once. */
  readonly sweepMilliseconds?: number;
}

/** Opens the folder, made if need be. Another process may have it open too. Rejects with StoreUnavailable. */
export async function openEmbeddedStore(path: string, options: EmbeddedStoreOptions = {}): Promise<Store> {
  const engine = openEngine(path);
  const values = createValues(engine, options.clock ?? Date.now);
  const tables = createTables(engine);
  const logs = createLogs(engine, values, options.clock ?? Date.now);
  const stopSweeping = startSweeping(engine, values, options.sweepMilliseconds ?? SWEEP_MILLISECONDS);
  const readAt = (at: Address, key: Buffer) => (at.table === undefined ? values.get(key) : engine.get(key));

  /** Checks names and ttl now, writes when called: a job in a group may not throw. */
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
      const checks = conditions.map(({ at, oneOf }) => ({ at, oneOf, key: addressKey(at) }));
      const jobs = writes.map(prepare);
      return engine.write(() => {
        if (!checks.every(({ at, oneOf, key }) => isOneOf(readAt(at, key), oneOf))) return false;
        for (const job of jobs) job();
        return true;
      });
    },
    load: tables.load,
    find: tables.find,
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
      for await (const chunk of engine.walk(Buffer.of(0), Buffer.of(0xff), CHUNK)) {
        for (const { key, value } of chunk) yield [key, value] as const;
      }
    },
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
    const keys = engine.keys(prefix, endOf(prefix), CHUNK);
    for (const key of keys) remove(key);
    return keys.length;
  };
  while ((await engine.write(removeSome)) > 0);
}

type Values = ReturnType<typeof createValues>;

/** Single values and log entries: 8 bytes of expiry (ms, 0 for never), then the value. Each has at most one expiry key. */
function createValues(engine: EmbeddedEngine, clock: () => number) {
  const expiryOf = (stored: Buffer) => Number(stored.readBigUInt64BE());
  const isLive = (stored: Buffer) => expiryOf(stored) === 0 || expiryOf(stored) > clock();

  function open(stored: Buffer | undefined): Buffer | undefined {
    return stored !== undefined && isLive(stored) ? stored.subarray(EXPIRY_BYTES) : undefined;
  }
  function remove(key: Buffer): void {
    const stored = engine.get(key);
    if (stored === undefined) return;
    if (expiryOf(stored) !== 0) engine.remove(expiryKey(expiryOf(stored), key));
    engine.remove(key);
  }
  function put(key: Buffer, value: Buffer, ttlMilliseconds: number | undefined): void {
    remove(key);
    const expiresAt = ttlMilliseconds === undefined ? 0 : Math.ceil(clock() + ttlMilliseconds);
    const stored = Buffer.allocUnsafe(EXPIRY_BYTES + value.length);
    stored.writeBigUInt64BE(BigInt(expiresAt));
    stored.set(value, EXPIRY_BYTES);
    engine.put(key, stored);
    if (expiresAt !== 0) engine.put(expiryKey(expiresAt, key), Buffer.alloc(0));
  }
  const dueKeys = () => engine.keys(Buffer.from('x'), expiryKey(Math.floor(clock()) + 1, Buffer.alloc(0)), SWEEP_CHUNK);

  /** Removes some of what is due; the number removed. */
  function sweep(): number {
    const due = dueKeys();
    for (const expiry of due) {
      engine.remove(expiry);
      engine.remove(keyOfExpiry(expiry));
    }
    return due.length;
  }
  return { get: (key: Buffer) => open(engine.get(key)), open, put, remove, sweep, dueKeys };
}

function startSweeping(engine: EmbeddedEngine, values: Values, everyMilliseconds: number): () => Promise<void> {
  let isStopped = false;
  let running = Promise.resolve();
  async function sweepAll(): Promise<void> {
    try {
      engine.forgetDeadReaders();
      // The read first: an idle store takes no write lock from the other processes.
      while (!isStopped && engine.read(values.dueKeys).length > 0) await engine.write(values.sweep);
    } catch (error) {
      // What is due is hidden from every reader anyway; the next sweep tries again.
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }
  const timer = setInterval(() => {
    running = running.then(sweepAll);
  }, everyMilliseconds);
  timer.unref();
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
}

type Tables = Pick<Store, 'load' | 'find' | 'scan'>;

/** The first row of an index key stands under the key itself, so the usual row costs one read; further rows beside it. */
function createTables(engine: EmbeddedEngine): Tables {
  function isLiveRow(rows: Buffer, id: Buffer): boolean {
    return engine.get(Buffer.concat([rows, id])) !== undefined;
  }

  function* idsOf(at: { first: Buffer; more: Buffer }): Iterable<Buffer> {
    const first = engine.get(at.first);
    if (first === undefined) return;
    yield first;
    let from = at.more;
    for (;;) {
      const some = engine.keys(from, endOf(at.more), CHUNK);
      const last = some.at(-1);
      if (last === undefined) return;
      for (const key of some) yield key.subarray(at.more.length);
      from = Buffer.concat([last, Buffer.of(0)]);
    }
  }

  /** Whether the key has more than one row now. */
  function addToIndex(rows: Buffer, at: { first: Buffer; more: Buffer }, id: Buffer): boolean {
    const first = engine.get(at.first);
    if (first === undefined || (!first.equals(id) && !isLiveRow(rows, first))) engine.put(at.first, id);
    else if (!first.equals(id)) engine.put(Buffer.concat([at.more, id]), Buffer.alloc(0));
    if (first === undefined) return false;
    const live = new Set<string>();
    for (const other of idsOf(at)) {
      if (isLiveRow(rows, other)) live.add(other.toString());
      if (live.size > 1) return true;
    }
    return false;
  }

  async function load(partition: string, table: string, rows: readonly Row[]): Promise<string[]> {
    const keys = tableKeys(partition, table);
    const shared = new Set<string>();
    for (let start = 0; start < rows.length; start += CHUNK) {
      const batch = rows.slice(start, start + CHUNK).map(({ id, value, index = [] }) => ({
        id: encodeName(id),
        value,
        index: index.map((key) => ({ key, at: indexKeys(keys, key) })),
      }));
      await engine.write(() => {
        for (const { id, value } of batch) engine.put(Buffer.concat([keys.rows, id]), value);
        for (const { id, index } of batch) {
          for (const { key, at } of index) if (addToIndex(keys.rows, at, id)) shared.add(key);
        }
      });
    }
    return [...shared];
  }

  function findIn(partition: string, table: string, wanted: readonly string[]): (Row & { table: string })[] {
    const keys = tableKeys(partition, table);
    const ids = new Map<string, Buffer>();
    for (const key of wanted) for (const id of idsOf(indexKeys(keys, key))) ids.set(id.toString(), id);
    return [...ids].flatMap(([id, bytes]) => {
      const value = engine.get(Buffer.concat([keys.rows, bytes]));
      return value === undefined ? [] : [{ id, value, table }];
    });
  }

  return {
    load,
    find: async (partition, tables, keys) => {
      for (const name of [...tables, ...keys]) encodeName(name);
      for (const table of tables) tableKeys(partition, table);
      return engine.read(() => [...new Set(tables)].flatMap((table) => findIn(partition, table, keys)));
    },
    async *scan(partition, table, batch = CHUNK) {
      const { rows } = tableKeys(partition, table);
      const toRow = ({ key, value }: Entry): Row => ({ id: key.subarray(rows.length).toString(), value });
      for await (const chunk of engine.walk(rows, endOf(rows), Math.max(1, batch))) yield chunk.map(toRow);
    },
  };
}

function createLogs(engine: EmbeddedEngine, values: Values, clock: () => number) {
  function prepareAppend(log: Log, value: Buffer): () => void {
    const prefix = logPrefix(log);
    const ttl = readTtl({}, log.ttlSeconds);
    return () => {
      const last = engine.reverse(endOf(prefix), prefix, 1)[0]?.key.subarray(prefix.length).toString();
      const cursor = nextCursor(last, Math.floor(clock()));
      values.put(Buffer.concat([prefix, Buffer.from(cursor)]), value, ttl);
    };
  }

  const page: Store['page'] = async (log, from, limit) => {
    const prefix = logPrefix(log);
    const isNewestFirst = 'before' in from;
    const cursor = 'before' in from ? from.before : 'after' in from ? from.after : undefined;
    if (cursor !== undefined) readCursor(cursor);
    const edge = cursor === undefined ? undefined : Buffer.concat([prefix, Buffer.from(cursor)]);
    return engine.read(() => (isNewestFirst ? pageBack(prefix, edge, limit) : pageOn(prefix, edge, limit)));
  };

  function pageOn(prefix: Buffer, after: Buffer | undefined, limit: number): LogEntry[] {
    const next = (key: Buffer) => Buffer.concat([key, Buffer.of(0)]);
    const start = after === undefined ? prefix : next(after);
    return collect(prefix, start, limit, (from) => engine.entries(from, endOf(prefix), CHUNK), next);
  }

  function pageBack(prefix: Buffer, before: Buffer | undefined, limit: number): LogEntry[] {
    const start = before ?? endOf(prefix);
    return collect(
      prefix,
      start,
      limit,
      (from) => engine.reverse(from, prefix, CHUNK),
      (key) => key,
    );
  }

  /** Goes on past entries whose ttl has run out until the page is full. */
  function collect(
    prefix: Buffer,
    start: Buffer,
    limit: number,
    readSome: (from: Buffer) => Entry[],
    next: (key: Buffer) => Buffer,
  ): LogEntry[] {
    const found: LogEntry[] = [];
    let some = readSome(start);
    while (found.length < limit && some.length > 0) {
      for (const entry of some) {
        const value = values.open(entry.value);
        if (value !== undefined) found.push({ cursor: entry.key.subarray(prefix.length).toString(), value });
      }
      const last = some.at(-1);
      if (last === undefined || found.length >= limit) break;
      some = readSome(next(last.key));
    }
    return found.slice(0, Math.max(0, limit));
  }

  return { prepareAppend, page };
}
