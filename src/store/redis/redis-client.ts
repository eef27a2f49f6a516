// A client of Redis: single, behind Sentinel, or a Cluster, with its timeouts and how it reconnects.
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '../store-url.ts';

export type RedisClient = Redis | Cluster;

/** How often the slot map of a Cluster is refreshed. */
const slotsEveryMs = 2_000;
const backoff = (times: number) => Math.min(50 * 2 ** Math.min(times, 5), 1_000);

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

/** Begins to connect. @param answerMs timeout of one answer, and of connecting */
export function createClient(address: RedisAddress, answerMs: number): RedisClient {
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
