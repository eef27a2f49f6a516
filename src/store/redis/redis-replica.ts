// Waiting until a replica has what a master has: WAIT, on a connection of its own, so that other commands do not queue
// behind it. What replicates when is Redis's; which writes wait is the caller's.
import type { Redis } from 'ioredis';
import { shareNext } from '../guard/share-next.ts';
import type { ReplicaState } from '../store.ts';

/** A replica in the same region answers in a millisecond; one that does not keep up holds an ending up no longer than this. */
export const replicaWaitMs = 250;
const pollMs = 1_000;

/**
 * A master that had a replica is not believed to be alone for so long: one that was cut off from it may have been
 * followed by another master already, and what it takes meanwhile is lost.
 */
const replicaRememberedMs = 10_000;

export interface ReplicaWait {
  /** @param key a key that this server holds, to write nothing to */
  wait(key: string): Promise<ReplicaState>;
  close(): void;
}

const losses = new WeakMap<Redis, { count: number }>();

/** How often a connection was lost. While it stays the same, so does the process at the other end. */
export function countLosses(redis: Redis): number {
  const known = losses.get(redis);
  if (known !== undefined) return known.count;
  const counted = { count: 0 };
  losses.set(redis, counted);
  redis.on('close', () => {
    counted.count += 1;
  });
  return 0;
}

/** NOPERM: an access list forbids it; ERR unknown command: a managed server has renamed it. */
function isForbidden(error: unknown): boolean {
  const { name, message }: Readonly<Record<string, unknown>> = Object(error);
  return name === 'ReplyError' && /^(NOPERM|ERR unknown command)/.test(`${message}`);
}

function notKnown(failure: unknown): ReplicaState {
  if (isForbidden(Object(failure).cause)) return 'not_known';
  throw failure;
}

const hasOnlineReplica = (replication: string): boolean => /^slave\d+:.*\bstate=online\b/m.test(replication);

/**
 * A server makes its backlog for its first replica and drops it an hour after the last has gone (`repl-backlog-ttl`). One
 * that was promoted, or began anew with its data, has it from before: that says nothing of replicas of its own.
 */
const hadReplica = (replication: string): boolean =>
  /^repl_backlog_active:1\b/m.test(replication) && /^second_repl_offset:-1\b/m.test(replication);

/**
 * @param node the connection that the writes go by
 * @param answer bounds each question in time
 */
export function createReplicaWait(
  node: Redis,
  answer: <Value>(send: () => Promise<Value>) => Promise<Value>,
): ReplicaWait {
  // One wait with its state: what was asked, what the server answered, until when.
  let client: Redis | undefined;
  let same: { readonly node: number; readonly own: number } | undefined;
  let looked: { readonly at: number; readonly own: number; readonly seenAt: number } | undefined;
  let isClosed = false;

  function connect(): Redis {
    const own = node.duplicate();
    own.on('error', () => {});
    countLosses(own);
    return own;
  }

  const readRunId = async (redis: Redis) => /run_id:(\w+)/.exec(await answer(() => redis.info('server')))?.[1];

  /** In the middle of a failover the two connections may lead to two masters: what one has says nothing of the other. */
  async function isSameServer(own: Redis): Promise<boolean> {
    const now = { node: countLosses(node), own: countLosses(own) };
    if (same?.node === now.node && same.own === now.own) return true;
    const [ofNode, ofOwn] = await Promise.all([readRunId(node), readRunId(own)]);
    if (ofNode === undefined || ofNode !== ofOwn) {
      own.disconnect(true);
      return false;
    }
    if (countLosses(node) !== now.node || countLosses(own) !== now.own) return false;
    same = now;
    return true;
  }

  async function hasReplica(own: Redis): Promise<boolean> {
    const at = performance.now();
    const count = countLosses(own);
    const known = looked?.own === count ? looked : undefined;
    const isRemembered = known !== undefined && at - known.seenAt < replicaRememberedMs;
    // Alone is looked at each time: the replica that has just come may be the next master.
    if (!isRemembered || at - known.at > pollMs) {
      const info = await answer(() => own.info('replication'));
      // The first look cannot remember a replica that has just gone; the server does.
      const isSeen = hasOnlineReplica(info) || (known === undefined && hadReplica(info));
      looked = { at, own: count, seenAt: isSeen ? at : (known?.seenAt ?? Number.NEGATIVE_INFINITY) };
    }
    return looked !== undefined && at - looked.seenAt < replicaRememberedMs;
  }

  /** A login without INFO or WAIT still ends sessions; that a replica has the ending is then not promised. */
  const wait = (key: string): Promise<ReplicaState> => ask(key).catch(notKnown);

  async function ask(key: string): Promise<ReplicaState> {
    client ??= connect();
    const own = client;
    const before = countLosses(own);
    if (!(await isSameServer(own))) return 'moved';
    if (!(await hasReplica(own))) return 'no_replica';
    // WAIT asks about this connection's own last write; what the master did before it, a replica that has it has too.
    const replies = await answer(() => own.pipeline().set(key, '', 'PX', 60_000).wait(1, replicaWaitMs).exec());
    const [failure, count] = replies?.find(([error]) => error !== null) ?? replies?.[1] ?? [];
    if (isForbidden(failure)) return 'not_known';
    if (failure || countLosses(own) !== before) return 'moved';
    return Number(count) > 0 ? 'copied' : 'late';
  }

  function close(): void {
    // Asked again of a connection that has closed, ioredis holds the process for a moment.
    if (!isClosed) client?.disconnect();
    isClosed = true;
  }

  // Who shares a wait has written before it begins; whose key is written to says nothing.
  return { wait: shareNext(wait), close };
}
