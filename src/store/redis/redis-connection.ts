// The connection to Redis: the timeout of an answer, an unresponsive server, and the translation of every failure to
// StoreUnavailable. redis-client.ts connects; redis-store.ts defines the keys.

import { Cluster, type Redis } from 'ioredis';
import { StoreUnavailable } from '../store.ts';
import type { RedisAddress } from '../store-url.ts';
import { createClient, type RedisClient } from './redis-client.ts';
import { createReplicaWaits } from './redis-replica-waits.ts';
import { type ScriptName, scripts } from './redis-scripts.ts';
import { createSilenceBreaker } from './silence-breaker.ts';

/** Default timeout of one answer. */
const defaultAnswerMs = 2_000;
type Argument = string | Buffer | number;

export type RedisConnection = ReturnType<typeof connectRedis>;

export interface RedisConnectionOptions {
  /** Timeout of one answer, and of connecting. Milliseconds. */
  readonly answerMs?: number;
  /** How long to wait for a slow replica. Milliseconds. */
  readonly replicaPatienceMs?: number;
}

/** Begins to connect; nothing is thrown here, commands reject with StoreUnavailable while there is no connection. */
export function connectRedis(
  address: RedisAddress,
  { answerMs = defaultAnswerMs, replicaPatienceMs = 0 }: RedisConnectionOptions = {},
) {
  const client = createClient(address, answerMs);
  const state = watchClient(client);
  for (const [name, lua] of Object.entries(scripts)) client.defineCommand(name, { lua });
  const withTimeout = createTimeout(client, answerMs);
  const breaker = createSilenceBreaker(() => withTimeout(() => client.ping()));
  let isOpen = true;

  /** Waits for an answer, unless the store is known to be unresponsive: then it rejects at once. */
  async function answer<T>(send: () => Promise<T>): Promise<T> {
    if (!isOpen) throw new StoreUnavailable(new Error('closed'));
    if (!breaker.admits()) throw new StoreUnavailable(state.cause() ?? new Error('silent'));
    try {
      const reply = await withTimeout(send);
      breaker.report('answered');
      return reply;
    } catch (error) {
      // An error is an answer too: out of memory, read-only, an unknown script.
      breaker.report(isReply(error) ? 'answered' : 'silent');
      throw new StoreUnavailable(isReply(error) ? withoutArguments(error) : (state.cause() ?? withoutArguments(error)));
    }
  }

  const { replicaWait, close: endReplicaWaits } = createReplicaWaits(client, answer, replicaPatienceMs);

  return {
    client,
    answer,
    epoch: state.epoch,
    isCluster: client instanceof Cluster,
    replicaWait,
    script: (name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown> =>
      answer((): Promise<unknown> => {
        // ioredis defines a second method of each script, which returns buffers.
        const call: unknown = Reflect.get(client, `${name}Buffer`);
        if (typeof call !== 'function') throw new TypeError('the script is not defined');
        return Reflect.apply(call, client, [keys.length, ...keys, ...args]);
      }),
    /** The servers that hold keys. */
    masters: (): Redis[] => (client instanceof Cluster ? client.nodes('master') : [client]),
    /** Connects to another server with the same login; the caller closes it. */
    connectTo(node: Redis, host: string, port: number): Redis {
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

/** Why there is no connection, as reported by the server or the system, and how often one was made. */
function watchClient(client: RedisClient) {
  let connectionFailure: Error | undefined;
  let epoch = 0;
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
  // Counted before any command is sent: a reply of a restarted server with other data must not pass as the old one's.
  const follow = (node: Redis) =>
    void node.on('connect', () => {
      epoch += 1;
    });
  if (client instanceof Cluster) client.on('+node', follow);
  else follow(client);
  return {
    epoch: () => epoch,
    cause: (): Error | undefined => connectionFailure && withoutArguments(connectionFailure),
  };
}

/**
 * Sends a command and waits for its answer no longer than the timeout. The command may still be executed later: the
 * outcome is unknown, not "no".
 */
function createTimeout(client: RedisClient, answerMs: number) {
  const corkWrites = client instanceof Cluster ? () => {} : createCorking(client);
  return <T>(send: () => Promise<T>): Promise<T> => {
    corkWrites();
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
  };
}

/**
 * Commands of one turn of the event loop are sent in one write. ioredis has pipelines for this (6.0), but each leaves a
 * hidden class that keeps it, and with it the whole request, in memory until the next full collection.
 */
function createCorking(client: Redis): () => void {
  let corked: Redis['stream'] | undefined;
  return () => {
    const { stream } = client;
    if (stream === undefined || stream === corked) return;
    corked = stream;
    stream.cork();
    setImmediate(() => {
      stream.uncork();
      if (corked === stream) corked = undefined;
    });
  };
}

/** The error of the last of several servers: a Cluster attaches it to the error, Sentinels put it into the text. */
function causeOf(failure: Error): Error {
  const { lastNodeError }: { readonly lastNodeError?: unknown } = Object(failure);
  if (lastNodeError instanceof Error) return lastNodeError;
  const [, lastError] = /^All sentinels are unreachable\..* Last error: (.+)$/s.exec(failure.message) ?? [];
  if (lastError === undefined) return failure;
  return Object.assign(new Error(lastError), /^[A-Z][A-Z0-9_]+ /.test(lastError) ? { name: 'ReplyError' } : {});
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
