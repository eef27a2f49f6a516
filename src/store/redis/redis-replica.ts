// Waits until a replica has the writes of a master: WAIT, on its own connection, so that other commands do not queue
// behind it. The caller decides which writes wait.
import type { Redis } from 'ioredis';
import { shareNext } from '../guard/share-next.ts';
import type { ReplicaState } from '../store.ts';

/** A replica in the same region answers in a millisecond; a slow one delays an ending no longer than this. */
export const replicaWaitMs = 250;
const pollMs = 1_000;

/**
 * A master that had a replica is not considered alone for this long: another master may already have replaced one that
 * was cut off from its replica, and what it accepts meanwhile is lost.
 */
const replicaRememberedMs = 10_000;

export interface ReplicaWait {
  /** @param key a key of this server, to which an empty value is written */
  wait(key: string): Promise<ReplicaState>;
  close(): void;
}

const losses = new WeakMap<Redis, { count: number }>();

/** Number of lost connections. While unchanged, the server process is the same. */
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
 * A server creates its backlog for its first replica and drops it an hour after the last one has gone
 * (`repl-backlog-ttl`). A promoted server, or one that reloaded its data, has it from before: that says nothing about
 * its own replicas.
 */
const hadReplica = (replication: string): boolean =>
  /^repl_backlog_active:1\b/m.test(replication) && /^second_repl_offset:-1\b/m.test(replication);

/**
 * @param node the connection of the writes
 * @param answer adds a timeout to each question
 */
export function createReplicaWait(
  node: Redis,
  answer: <Value>(send: () => Promise<Value>) => Promise<Value>,
): ReplicaWait {
  // Long because one wait shares its state: the connection, the server's last answer, and its validity.
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

  /** During a failover the two connections may lead to two masters: the state of one says nothing about the other. */
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
    // A missing replica is checked each time: one that has just connected may be the next master.
    if (!isRemembered || at - known.at > pollMs) {
      const info = await answer(() => own.info('replication'));
      // The first check cannot know of a replica that has just gone; the server does.
      const isSeen = hasOnlineReplica(info) || (known === undefined && hadReplica(info));
      looked = { at, own: count, seenAt: isSeen ? at : (known?.seenAt ?? Number.NEGATIVE_INFINITY) };
    }
    return looked !== undefined && at - looked.seenAt < replicaRememberedMs;
  }

  /** A login without INFO or WAIT still ends sessions; replication is then not promised. */
  const wait = (key: string): Promise<ReplicaState> => ask(key).catch(notKnown);

  async function ask(key: string): Promise<ReplicaState> {
    client ??= connect();
    const own = client;
    const before = countLosses(own);
    if (!(await isSameServer(own))) return 'moved';
    if (!(await hasReplica(own))) return 'no_replica';
    // WAIT is about this connection's own last write; a replica that has it has the master's earlier writes too.
    const replies = await answer(() => own.pipeline().set(key, '', 'PX', 60_000).wait(1, replicaWaitMs).exec());
    const [failure, count] = replies?.find(([error]) => error !== null) ?? replies?.[1] ?? [];
    if (isForbidden(failure)) return 'not_known';
    if (failure || countLosses(own) !== before) return 'moved';
    return Number(count) > 0 ? 'copied' : 'late';
  }

  function close(): void {
    // If a closed connection is used again, ioredis keeps the process alive for a moment.
    if (!isClosed) client?.disconnect();
    isClosed = true;
  }

  // Callers that share a wait have written before it begins; which key is written is irrelevant.
  return { wait: shareNext(wait), close };
}
