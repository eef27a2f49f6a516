// How Clever answers, as reported by its adapter.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

type Health = 'unknown' | 'up' | 'down';

type Told =
  | { readonly kind: 'call'; readonly endpoint: string; readonly outcome: string; readonly durationMs: number }
  | { readonly kind: 'breaker'; readonly state: 'open' | 'closed' }
  | { readonly kind: 'kept'; readonly endpoint: string };

export interface CleverMetrics {
  record(event: Told): void;
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
