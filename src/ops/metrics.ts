// What Prometheus is told. One counter and one histogram for sign-ins, the state of Clever, and the process's own figures.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { SignInEvent } from '../sign-in/sign-in-event.ts';

export interface Metrics {
  signIn(event: SignInEvent): void;
  readonly contentType: string;
  text(): Promise<string>;
}

export function createMetrics(cleverHealth: () => 'unknown' | 'up' | 'down'): Metrics {
  const registers = [new Registry()];
  const [registry] = registers;
  if (registry === undefined) throw new TypeError('no registry');
  collectDefaultMetrics({ register: registry });
  const count = new Counter({
    name: 'sso_bridge_sign_ins_total',
    help: 'Sign-ins ended, by outcome and app.',
    labelNames: ['outcome', 'app'],
    registers,
  });
  const seconds = new Histogram({
    name: 'sso_bridge_sign_in_seconds',
    help: 'From the callback to the answer, by outcome.',
    labelNames: ['outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const clever = new Gauge({
    name: 'sso_bridge_clever_up',
    help: '1 if Clever answered last, 0 if not, -1 if it was not asked yet.',
    registers,
    collect() {
      clever.set({ unknown: -1, up: 1, down: 0 }[cleverHealth()]);
    },
  });
  return {
    signIn({ outcome, app = 'summit-k12', durationMs }) {
      count.inc({ outcome, app });
      if (durationMs !== undefined) seconds.observe({ outcome }, durationMs / 1000);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
