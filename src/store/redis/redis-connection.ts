// The connection to Redis: single, Sentinel or Cluster; timeouts, reconnecting, and the translation of every failure to
// StoreUnavailable. The only file that imports ioredis; redis-store.ts defines the keys.

import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { StoreUnavailable } from '../store.ts';
import type { RedisAddress } from '../store-url.ts';
import { createReplicaWaits } from './redis-replica-waits.ts';
import { SCRIPTS, type ScriptName } from './redis-scripts.ts';
import { createSilenceBreaker } from './silence-breaker.ts';

/** Default timeout of one answer. */
const defaultAnswerMs = 2_000;
/** How often the slot map of a Cluster is refreshed. */
const slotsEveryMs = 2_000;
const backoff = (times: number) => Math.min(50 * 2 ** Math.min(times, 5), 1_000);

type Argument = string | Buffer | number;
type RedisClient = Redis | Cluster;

export type RedisConnection = ReturnType<typeof connectRedis>;

export interface RedisConnectionOptions {
  /** Timeout of one answer, and of connecting. Milliseconds. */
  readonly answerMs?: number;
  /** How long to wait for a slow replica. Milliseconds. */
  readonly replicaPatienceMs?: number;
}

const commonOptions = {
  // How long a closing connection may keep the process alive, even one that was never accepted.
  disconnectTimeout: 200,
  // A command whose answer was lost may have been executed. Sent again, a `take` would return "absent" and an append
  // would duplicate.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // A demoted master rejects writes: find the new one.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

function createClient(address: RedisAddress, answerMs: number): RedisClient {
  const bounded = {
    ...commonOptions,
    connectTimeout: answerMs,
    // A peer that vanished without closing: the socket is given up before TCP does so.
    socketTimeout: 2 * answerMs,
  };
  const login = {
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
  };
  const tls = address.kind !== 'unix' && address.tls ? { tls: { ...address.certificates } } : {};
  if (address.kind === 'cluster') {
    const options = {
      redisOptions: { ...bounded, ...login, ...tls },
      // Certificates name hosts, not the addresses that they resolve to.
      ...(address.tls ? { dnsLookup: keepHostName } : {}),
      // As above: a command whose connection closed is not sent again.
      retryDelayOnFailover: 0,
      clusterRetryStrategy: backoff,
      clusterNodeRetryStrategy: backoff,
      slotsRefreshTimeout: answerMs,
      slotsRefreshInterval: slotsEveryMs,
    };
    return new Cluster([...address.nodes], options);
  }
  const options = {
    ...bounded,
    ...login,
    db: address.db,
    retryStrategy: backoff,
    ...tls,
  };
  if (address.kind === 'unix') return new Redis({ ...options, path: address.path });
  if (address.kind === 'sentinel') {
    const { username, password } = address.sentinelLogin ?? {};
    return new Redis({
      ...options,
      ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: { ...address.certificates } } : {}),
      ...(username === undefined ? {} : { sentinelUsername: username }),
      ...(password === undefined ? {} : { sentinelPassword: password }),
      sentinels: [...address.sentinels],
      name: address.name,
      sentinelRetryStrategy: backoff,
    });
  }
  return new Redis({ ...options, host: address.host, port: address.port });
}

const keepHostName = (host: string, done: (failure: Error | null, address: string) => void) => done(null, host);

/** Begins to connect; nothing is thrown here, commands reject with StoreUnavailable while there is no connection. */
export function connectRedis(
  address: RedisAddress,
  { answerMs = defaultAnswerMs, replicaPatienceMs = 0 }: RedisConnectionOptions = {},
) {
  // Long because of its functions over one connection and what is known of it.
  let connectionFailure: Error | undefined;
  const client = createClient(address, answerMs);
  // Without a listener, a lost connection would end the process. Every command reports it anyway.
  client.on('error', (failure: Error) => {
    connectionFailure = causeOf(failure);
    // A command that ioredis sends on connecting was rejected, such as SELECT: it would continue in database 0, which
    // is another store.
    if (isReply(failure)) client.disconnect(true);
  });
  client.on('node error', (failure: Error) => {
    connectionFailure = failure;
  });
  client.on('ready', () => {
    connectionFailure = undefined;
  });
  for (const [name, lua] of Object.entries(SCRIPTS)) client.defineCommand(name, { lua });
  let isOpen = true;
  let epoch = 0;
  // Before anything is sent on it, so that no answer of a server that came back with other data is taken for the old
  // one's.
  const follow = (node: Redis) =>
    void node.on('connect', () => {
      epoch += 1;
    });
  if (client instanceof Cluster) client.on('+node', follow);
  else follow(client);

  const gather = client instanceof Cluster ? () => {} : createGathering(client);

  /**
   * Limited to the timeout of one answer. The command may still be executed later: the outcome is unknown, not "no".
   */
  function bounded<T>(send: () => Promise<T>): Promise<T> {
    gather();
    return new Promise<T>((resolve, reject) => {
      const reply = send();
      const timer = setTimeout(() => reject(new Error('no answer in time')), answerMs);
      const inTime =
        <V>(end: (value: V) => void) =>
        (value: V) => {
          clearTimeout(timer);
          end(value);
        };
      reply.then(inTime(resolve), inTime(reject));
    });
  }

  const breaker = createSilenceBreaker(() => bounded(() => client.ping()));

  /** Why there is no connection, as reported by the server or the system. */
  const cause = (): Error | undefined => {
    return connectionFailure && withoutArguments(connectionFailure);
  };

  /** Waits for an answer, unless the store is known to be unresponsive: then it rejects at once. */
  async function answer<T>(send: () => Promise<T>): Promise<T> {
    if (!isOpen) throw new StoreUnavailable(new Error('closed'));
    if (!breaker.admits()) throw new StoreUnavailable(cause() ?? new Error('silent'));
    try {
      const reply = await bounded(send);
      breaker.report('answered');
      return reply;
    } catch (error) {
      // An error is an answer too: out of memory, read-only, an unknown script.
      breaker.report(isReply(error) ? 'answered' : 'silent');
      throw new StoreUnavailable(isReply(error) ? withoutArguments(error) : (cause() ?? withoutArguments(error)));
    }
  }

  const { replicaWait, close: endReplicaWaits } = createReplicaWaits(client, answer, replicaPatienceMs);

  return {
    client,
    answer,
    epoch: () => epoch,
    isCluster: client instanceof Cluster,
    replicaWait,
    script: (name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown> =>
      answer((): Promise<unknown> => {
        const call: unknown = Reflect.get(client, `${name}Buffer`);
        if (typeof call !== 'function') throw new TypeError('the script is not defined');
        return Reflect.apply(call, client, [keys.length, ...keys, ...args]);
      }),
    /** The servers that hold keys. */
    masters: (): Redis[] => (client instanceof Cluster ? client.nodes('master') : [client]),
    /** Connects to another server with the same login; the caller closes it. */
    beside(node: Redis, host: string, port: number): Redis {
      const other = node.duplicate({ host, port, sentinels: undefined, db: 0, enableReadyCheck: false });
      other.on('error', () => {});
      return other;
    },
    close: async (): Promise<void> => {
      isOpen = false;
      breaker.close();
      endReplicaWaits();
      client.disconnect();
    },
  };
}

/**
 * Commands of one turn of the event loop are sent in one write. ioredis has pipelines for this (6.0), but each leaves a
 * hidden class that keeps it, and with it the whole request, in memory until the next full collection.
 */
function createGathering(client: Redis): () => void {
  let gathered: Redis['stream'] | undefined;
  return () => {
    const { stream } = client;
    if (stream === undefined || stream === gathered) return;
    gathered = stream;
    stream.cork();
    setImmediate(() => {
      stream.uncork();
      if (gathered === stream) gathered = undefined;
    });
  };
}

/** The error of the last of several servers: a Cluster attaches it to the error, Sentinels put it into the text. */
function causeOf(failure: Error): Error {
  const { lastNodeError }: { readonly lastNodeError?: unknown } = Object(failure);
  if (lastNodeError instanceof Error) return lastNodeError;
  const [, said] = /^All sentinels are unreachable\..* Last error: (.+)$/s.exec(failure.message) ?? [];
  if (said === undefined) return failure;
  return Object.assign(new Error(said), /^[A-Z][A-Z0-9_]+ /.test(said) ? { name: 'ReplyError' } : {});
}

const isReply = (error: unknown): boolean => Object(error).name === 'ReplyError';

/** ioredis attaches the command with its arguments to the error: keys, values, or the password of AUTH. */
function withoutArguments(error: unknown): Error {
  const { name, message, code }: Readonly<Record<string, unknown>> = Object(error);
  if (typeof message !== 'string') return new Error('unknown failure');
  const clean = Object.assign(new Error(message), typeof code === 'string' ? { code } : {});
  if (typeof name === 'string') clean.name = name;
  return clean;
}
