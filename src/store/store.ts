// The store port: the database operations of the bridge, about ten verbs. Owns no format and no secrets: engines see
// bytes. Adapters: embedded-store.ts (LMDB) and redis-store.ts; both pass test/conformance/describe-store.ts.

/** The address of one value. A partition is the unit of atomicity: on a Redis Cluster it is one hash slot. */
export interface Address {
  /** Printable, no braces; contains no personal value (callers blind those). */
  readonly partition: string;
  /** With a table, the value has no ttl and can be found by index; without one it may have a ttl. */
  readonly table?: string;
  readonly id: string;
}

export interface Row {
  readonly id: string;
  readonly value: Buffer;
  /** Keys under which `find` returns this row. Any row may share a key with any other row. */
  readonly index?: readonly string[];
}

export interface LogEntry {
  /** Made by the engine: string order is the order of appending; unique in its log. */
  readonly cursor: string;
  readonly value: Buffer;
}

/** The result of a look-up in a paged table: the ids, and the pages with their entries, where they exist. */
export interface Paged {
  readonly table: string;
  readonly ids: readonly string[];
  readonly pages: readonly Row[];
}

/** One condition of a commit: the value at `at` MUST be byte-equal to one of `oneOf`; `undefined` means absent. */
export interface Condition {
  readonly at: Address;
  readonly oneOf: readonly (Buffer | undefined)[];
}

export type Write =
  | { readonly kind: 'put'; readonly at: Address; readonly value: Buffer; readonly ttlSeconds?: number }
  | { readonly kind: 'remove'; readonly at: Address }
  | { readonly kind: 'append'; readonly log: Log; readonly value: Buffer };

export interface Log {
  readonly partition: string;
  readonly name: string;
  /** The whole log expires this long after its last append; also the maximum age of an entry. */
  readonly ttlSeconds: number;
}

interface PutOptions {
  /** Whole or fractional seconds, above 0. Without it the value does not expire. Not for addresses in a table. */
  readonly ttlSeconds?: number;
  readonly onlyIfAbsent?: boolean;
}

/**
 * The key words MUST and MAY are those of RFC 2119.
 *
 * - Every write that has resolved MUST be seen by every later read, from any process that opened the same store, and
 * MUST survive a crash of this process.
 * - An expired value MUST be absent for every verb, even if its bytes are still on disk.
 * - Partitions, tables, logs and single values MUST be isolated, whatever prefix their names share.
 * - Every verb MUST reject with `StoreUnavailable` when the engine does not answer in bounded time; it MUST NOT return
 * "absent" instead.
 */
export interface Store {
  /** The values at the addresses, in their order, `undefined` for absent. All addresses MUST be of one partition. One round trip. */
  get(addresses: readonly Address[]): Promise<(Buffer | undefined)[]>;

  /**
   * Writes one value. With `onlyIfAbsent`, returns false and writes nothing if a value exists; of concurrent callers
   * exactly one gets true.
   */
  put(at: Address, value: Buffer, options?: PutOptions): Promise<boolean>;

  /** Reads and removes. Of concurrent callers exactly one gets the value. */
  take(at: Address): Promise<Buffer | undefined>;

  /** Removes; does nothing if absent. */
  remove(at: Address): Promise<void>;

  /**
   * Does all writes if every condition holds, else none; true if done. All of one partition, atomic, one round trip.
   */
  commit(conditions: readonly Condition[], writes: readonly Write[]): Promise<boolean>;

  /**
   * Puts a batch of rows into a table, replacing rows of the same id (their new index keys are added to the old). Use
   * batches of a few hundred rows. Returns the index keys of the batch that more than one row of the table now has, so
   * that duplicates are found without a second read.
   */
  load(partition: string, table: string, rows: readonly Row[]): Promise<string[]>;

  /** The rows of each table that have any of the index keys, each row once per table. One round trip. */
  find(
    partition: string,
    tables: readonly string[],
    keys: readonly string[],
  ): Promise<(Row & { readonly table: string })[]>;

  /**
   * Looks up in tables with the layout of paged-table.ts: `ids`, and those that have any of the `keys`; each 32 hex
   * digits. One round trip. One result per table, empty for a table without a shape.
   */
  lookUp(
    partition: string,
    tables: readonly string[],
    keys: readonly string[],
    ids: readonly string[],
  ): Promise<Paged[]>;

  /**
   * All rows of a table in batches of about `batch`, each row at least once even during writes. Memory stays constant.
   */
  scan(partition: string, table: string, batch?: number): AsyncIterable<readonly Row[]>;

  /** Number of rows of a table. */
  count(partition: string, table: string): Promise<number>;

  /** Removes a table with its index. */
  drop(partition: string, table: string): Promise<void>;

  /**
   * Up to `limit` entries after (oldest first) or before (newest first) a cursor; `{ before: undefined }` begins with
   * the newest of all, `{}` with the oldest. Throws TypeError for a text that `isLogCursor` rejects.
   */
  page(
    log: Pick<Log, 'partition' | 'name'>,
    from: { readonly after?: string | undefined } | { readonly before?: string | undefined },
    limit: number,
  ): Promise<LogEntry[]>;

  /** Removes everything of a partition: values, tables, logs. Slow on a large Redis; for erasure only. */
  erase(partition: string): Promise<void>;

  /** Every key and value as the engine holds them, for backup checks and the test that no readable data is at rest. */
  dump(): AsyncIterable<readonly [key: Buffer, value: Buffer]>;

  /**
   * For writes that must survive the loss of the server that takes them, if the engine has replicas: call it before the
   * writes, with their partitions, and call its result after them; that waits, bounded, until a replica has the writes.
   */
  replicaWait?(partitions: readonly string[]): () => Promise<ReplicaState>;

  /**
   * Changes whenever the data behind the store may have changed: a connection was lost or made, the folder was
   * replaced. Costs no request. Absent where this cannot happen.
   */
  readonly epoch?: () => number;

  /**
   * Partitions, at least one in every part of the engine that can lose its data individually. Absent if the engine is
   * one part.
   */
  readonly parts?: readonly string[];

  /** Number of keys that the engine has evicted; undefined if it does not report this. */
  evictions?(): Promise<number | undefined>;

  /** Milliseconds since the epoch by the engine's own clock, if that may be another machine's. */
  time?(): Promise<number>;

  /** Resolves if the engine answers. */
  ping(): Promise<void>;

  close(): Promise<void>;
}

/**
 * `late`: no replica had it within the time allowed. `moved`: the server changed meanwhile, so the writes may be lost.
 * `no_replica`: the server has had no replica for a while. `not_known`: the engine forbids the question; the check at
 * start reports this (store/redis/redis-verdict.ts).
 */
export type ReplicaState = 'copied' | 'late' | 'moved' | 'no_replica' | 'not_known';

/** The engine did not answer, or not in time. Never means "no such value". */
export class StoreUnavailable extends Error {
  readonly code = 'STORE_UNAVAILABLE';
  /**
   * One word for operators: the first word of Redis' error (`WRONGPASS`, `OOM`), an error code of a socket, TLS or a
   * disk (`ECONNREFUSED`, `ENOSPC`), or `SILENT`. Never a message, which may contain a key or a password.
   */
  readonly reason: string;
  /** Of an embedded store that could not be opened. */
  readonly folder: string | undefined;
  constructor(cause: unknown, folder?: string) {
    const reason = reasonOf(cause);
    super(
      folder === undefined
        ? `the store does not answer (${reason})`
        : `no store can be opened in ${folder} (${reason})`,
      { cause },
    );
    this.name = 'StoreUnavailable';
    this.reason = reason;
    this.folder = folder;
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof StoreUnavailable) return cause.reason;
  const { name, message = '', code = '' }: Readonly<Record<string, unknown>> = Object(cause);
  const known = wordsOf.find(([text]) => text.test(`${message}`));
  if (known !== undefined) return known[1];
  const replied = name === 'ReplyError' ? /^[A-Z][A-Z0-9_]{1,30}(?= |$)/.exec(`${message}`)?.[0] : undefined;
  return replied ?? /^[A-Z][A-Z0-9_]{1,60}$/.exec(`${code}`)?.[0] ?? 'SILENT';
}

/** Errors that Redis or its client reports only as text, or by a word with another meaning here. */
const wordsOf: readonly (readonly [RegExp, string])[] = [
  [/^ERR (invalid )?DB index/i, 'NO_SUCH_DATABASE'],
  // An access list error within a script has the general word in front.
  [/^ERR The user executing the script can't/i, 'NOPERM'],
  [/^ERR This instance has cluster support disabled/, 'NOT_A_CLUSTER'],
  // The location of a key: `MOVED 3999 127.0.0.1:6381`.
  [/^(MOVED \d+ |CROSSSLOT )/, 'PART_OF_A_CLUSTER'],
  [/^ERR No such master with that name/, 'NO_SUCH_MASTER'],
  [/^ERR unknown command/i, 'UNKNOWN_COMMAND'],
  [/^Connection is closed\.$/, 'NOT_CONNECTED'],
];

/** For callers that can continue without the store; rethrows every other error. */
export function ignoreSilence(failure: unknown): void {
  if (!(failure instanceof StoreUnavailable)) throw failure;
}

/**
 * Does the work; resolves when its writes to the partitions are on a replica as well, or the server has none.
 * @throws StoreUnavailable also if that is not confirmed in time: the work may be done, and repeating it is safe
 */
export async function waitForReplica<Value>(
  store: Pick<Store, 'replicaWait'>,
  partitions: readonly string[],
  work: () => Promise<Value>,
): Promise<Value> {
  const wait = store.replicaWait?.(partitions);
  const value = await work();
  const replicaState: ReplicaState = (await wait?.()) ?? 'no_replica';
  if (replicaState === 'late' || replicaState === 'moved')
    throw new StoreUnavailable(new Error(`not on a replica: ${replicaState}`));
  return value;
}

const untrusted = 'Its certificate is of an authority that is not trusted: name that with STORE_TLS_CA.';
const late = 'No answer came in time. A server that speaks no TLS does not answer rediss at all.';

const hints: Readonly<Record<string, string>> = {
  WRONGPASS:
    'The user or password of STORE_URL, or that of the Sentinels, is wrong; signs such as @ : / in STORE_URL are percent-encoded.',
  NOAUTH: 'The server wants a password: put it into STORE_URL, that of Sentinels into STORE_SENTINEL_PASSWORD.',
  NOPERM: "The server's access list forbids a command: docs/operating.md lists what is needed.",
  MISCONF: 'The server cannot save to its disk and takes no writes.',
  OOM: 'The server is out of memory and takes no writes.',
  READONLY: 'This is a replica, which takes no writes: name the master.',
  NO_SUCH_DATABASE: 'The server has no database of the number in STORE_URL.',
  NO_SUCH_MASTER: 'The Sentinels watch no master of the name in STORE_URL.',
  NOT_A_CLUSTER: 'This server is no Cluster: use redis: or rediss:.',
  PART_OF_A_CLUSTER: 'This server is part of a Cluster: use redis+cluster: or rediss+cluster:.',
  UNKNOWN_COMMAND:
    'The server lacks a command: it is older than Redis 6.2, or a Sentinel where a data server is needed, or the reverse.',
  NOT_CONNECTED: 'None of its servers could be reached: look at addresses, ports, and whether they speak TLS.',
  ECONNREFUSED: 'Nothing listens at its address.',
  ECONNRESET: 'The server closed the connection: one that speaks TLS alone needs rediss.',
  ENOTFOUND: 'Its name is not known to DNS.',
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_HAS_EXPIRED: 'Its certificate, or that of the authority, has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Its certificate has another name than STORE_URL: use that name there, or set STORE_TLS_SERVERNAME.',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'The server wants a certificate of the bridge: STORE_TLS_CERT and STORE_TLS_KEY.',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'The server does not trust the certificate in STORE_TLS_CERT.',
  ENOSPC: 'The disk is full.',
  EROFS: 'The file system is mounted for reading only.',
  EIO: 'The disk fails: look at the log of the system.',
  MOVING: 'It is being moved to another place, and takes no writes until that is done.',
  MOVED: 'It was moved to another place and is out of date: set STORE_URL to the new one.',
  ETIMEDOUT: late,
  SILENT: late,
};

const folderHints: Readonly<Record<string, string>> = {
  ...hints,
  ENOENT: 'Nothing can be made at this place, as under /proc.',
  EACCES: 'The user of this process may not read, write or make folders there.',
  EPERM: 'The user of this process may not read, write or make folders there.',
  EEXIST: 'A file stands where a folder is needed.',
  ENOTDIR: 'A file stands where a folder is needed.',
  NOT_A_STORE: 'Its data.mdb or lock.mdb is not that of a store: put a backup in its place, or name another folder.',
};

const sentence = (text: string | undefined): string => (text === undefined ? '' : ` ${text}`);

/** The meaning of a `StoreUnavailable` for an operator, as a sentence; empty if the reason is clear. */
export const storeHint = ({ reason, folder }: Pick<StoreUnavailable, 'reason' | 'folder'>): string =>
  folder === undefined ? sentence(hints[reason]) : folderHint(reason);

/** The same for a folder that could not be created or opened. */
export const folderHint = (reason: string): string => sentence(folderHints[reason]);

// The cursor of a log entry, the same on every engine: milliseconds and a sequence number, both of fixed width, so that
// string order is the order of appending.
const cursorForm = /^(\d{15})-(\d{10})$/;

/** Whether a text from outside is accepted by `page`; anything else makes `page` throw a TypeError. */
export function isLogCursor(text: string): boolean {
  return cursorForm.test(text);
}

/** Before every entry of every log: no entry is from before 1970. */
export const firstLogCursor = formatCursor(0, 0);

export function formatCursor(milliseconds: number, sequence: number): string {
  return `${String(milliseconds).padStart(15, '0')}-${String(sequence).padStart(10, '0')}`;
}

/** Throws TypeError if the text is not a cursor. */
export function readCursor(text: string): { milliseconds: number; sequence: number } {
  const [, milliseconds, sequence] = cursorForm.exec(text) ?? [];
  if (milliseconds === undefined || sequence === undefined) throw new TypeError('not a cursor of a log');
  return { milliseconds: Number(milliseconds), sequence: Number(sequence) };
}

/** The next cursor after `last`: always greater, even if the clock went back; not reused after a log was emptied. */
export function nextCursor(last: string | undefined, now: number): string {
  if (last === undefined) return formatCursor(now, 0);
  const { milliseconds, sequence } = readCursor(last);
  return now > milliseconds ? formatCursor(now, 0) : formatCursor(milliseconds, sequence + 1);
}
