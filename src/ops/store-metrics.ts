// The store as its callers see it: duration and failures of each verb, and whether it answers now.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

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
