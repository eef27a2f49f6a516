// Logs of the embedded engine: entries under ascending cursors.

import { readTtl } from '../names.ts';
import { type Log, type LogEntry, nextCursor, readCursor, type Store } from '../store.ts';
import type { EmbeddedEngine, Entry } from './embedded-engine.ts';
import { endOf, logPrefix } from './embedded-keys.ts';
import type { Values } from './embedded-values.ts';

const entriesPerRead = 500;

/** `prepareAppend` validates now and appends when called, inside a write. */
export function createLogs(engine: EmbeddedEngine, values: Values, clock: () => number) {
  // Long because of its functions over one layout of log entries, each short.
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
    return collect(prefix, start, limit, (from) => engine.entries(from, endOf(prefix), entriesPerRead), next);
  }

  function pageBack(prefix: Buffer, before: Buffer | undefined, limit: number): LogEntry[] {
    const start = before ?? endOf(prefix);
    return collect(
      prefix,
      start,
      limit,
      (from) => engine.reverse(from, prefix, entriesPerRead),
      (key) => key,
    );
  }

  /** Skips expired entries until the page is full. */
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
