// Requests that are answered, and calls that are made: to Clever and to the store.
import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/**
 * Every response of the public port, by declared route and never by requested path, so that clients cannot create
 * labels.
 */
export interface HttpMetrics {
  readonly handler: RequestHandler;
}

export function createHttpMetrics(registers: Registry[]): HttpMetrics {
  const seconds = new Histogram({
    name: 'sso_bridge_http_request_seconds',
    help: 'Answers of the public port, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers,
  });
  return {
    handler(request, response, next) {
      const end = seconds.startTimer();
      response.once('finish', () => {
        const path: unknown = request.route?.path;
        end({ route: typeof path === 'string' ? path : 'none', status: response.statusCode });
      });
      next();
    },
  };
}

type Health = 'unknown' | 'up' | 'down';

type CleverEvent =
  | { readonly kind: 'call'; readonly endpoint: string; readonly outcome: string; readonly durationMs: number }
  | { readonly kind: 'breaker'; readonly state: 'open' | 'closed' }
  | { readonly kind: 'kept'; readonly endpoint: string };

/** How Clever answers, as reported by its adapter. */
export interface CleverMetrics {
  record(event: CleverEvent): void;
  /** Sets the source of Clever's state for each scrape. */
  follow(health: () => Health): void;
}

export function createCleverMetrics(registers: Registry[]): CleverMetrics {
  let health: () => Health = () => 'unknown';
  const up = new Gauge({
    name: 'sso_bridge_clever_up',
    help: '1 if Clever answered last, 0 if not, -1 if it was not asked yet.',
    aggregator: 'max',
    registers,
    collect() {
      up.set({ unknown: -1, up: 1, down: 0 }[health()]);
    },
  });
  const breaker = new Gauge({
    name: 'sso_bridge_clever_breaker_open',
    help: '1 while calls to Clever are held back but for one a second.',
    aggregator: 'max',
    registers,
  });
  const seconds = new Histogram({
    name: 'sso_bridge_clever_call_seconds',
    help: 'Calls to Clever, by endpoint and whether it answered.',
    labelNames: ['endpoint', 'result'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const failures = new Counter({
    name: 'sso_bridge_clever_failures_total',
    help: 'Calls that Clever did not answer as it should, by endpoint and reason.',
    labelNames: ['endpoint', 'reason'],
    registers,
  });
  const kept = new Counter({
    name: 'sso_bridge_clever_kept_total',
    help: 'Times that the last good metadata or keys stayed in use because a refresh failed.',
    labelNames: ['endpoint'],
    registers,
  });
  return {
    record(event) {
      if (event.kind === 'breaker') return breaker.set(event.state === 'open' ? 1 : 0);
      if (event.kind === 'kept') return kept.inc({ endpoint: event.endpoint });
      const { endpoint, outcome, durationMs } = event;
      seconds.observe({ endpoint, result: outcome === 'answered' ? 'answered' : 'failed' }, durationMs / 1000);
      if (outcome !== 'answered') failures.inc({ endpoint, reason: outcome });
    },
    follow(ask) {
      health = ask;
    },
  };
}

/** The store as its callers see it: duration and failures of each verb, and whether it answers now. */
export interface StoreMetrics {
  called(call: {
    readonly verb: string;
    readonly seconds: number;
    readonly isAnswered: boolean;
    readonly replicaState?: string;
  }): void;
  /** Sets the ping for each scrape. */
  follow(ping: () => Promise<void>): void;
  /** This machine's clock minus the store's, in milliseconds. */
  followClock(offsetMs: () => number): void;
}

export function createStoreMetrics(registers: Registry[]): StoreMetrics {
  let ping: (() => Promise<void>) | undefined;
  const up = new Gauge({
    name: 'sso_bridge_store_up',
    help: '1 if the store answered at this scrape.',
    aggregator: 'min',
    registers,
    async collect() {
      if (ping !== undefined) up.set(await isAnswered(ping()));
    },
  });
  const seconds = new Histogram({
    name: 'sso_bridge_store_seconds',
    help: 'Calls of the store, by verb.',
    labelNames: ['verb'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const failures = new Counter({
    name: 'sso_bridge_store_failures_total',
    help: 'Calls that the store did not answer, by verb.',
    labelNames: ['verb'],
    registers,
  });
  const waits = new Counter({
    name: 'sso_bridge_replica_waits_total',
    help: 'Endings that waited for a replica: copied, late (not within 250 ms), moved (a failover meanwhile), or no_replica.',
    labelNames: ['result'],
    registers,
  });
  const seen = new Set<string>();
  let offsetMs: (() => number) | undefined;
  const offset = new Gauge({
    name: 'sso_bridge_clock_offset_seconds',
    help: "This machine's clock less the store's, whose time is used.",
    aggregator: 'max',
    registers,
    collect() {
      if (offsetMs !== undefined) offset.set(offsetMs() / 1000);
    },
  });
  return {
    called({ verb, seconds: took, isAnswered: wasAnswered, replicaState }) {
      seconds.observe({ verb }, took);
      // Zero from the first call on: the rate of a missing series is empty and raises no alert.
      if (!wasAnswered || !seen.has(verb)) failures.inc({ verb }, wasAnswered ? 0 : 1);
      seen.add(verb);
      if (replicaState !== undefined) waits.inc({ result: replicaState });
    },
    follow(ask) {
      ping = ask;
    },
    followClock(read) {
      offsetMs = read;
    },
  };
}

const isAnswered = (ping: Promise<void>) =>
  ping.then(
    () => 1,
    () => 0,
  );
