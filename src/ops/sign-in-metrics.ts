// Counts of sign-ins and of recorded failures.
import { Counter, Histogram, type Registry } from 'prom-client';
import type { SignInEvent } from '../sign-in/sign-in-event.ts';

export interface SignInMetrics {
  signIn(event: SignInEvent): void;
  attempt(result: 'kept' | 'lost' | 'limited'): void;
  turnedAway(): void;
}

export function createSignInMetrics(registers: Registry[]): SignInMetrics {
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
  const attempts = new Counter({
    name: 'sso_bridge_attempts_total',
    help: 'Failed sign-ins recorded for support; lost: only the log line has it; limited: too many of one address.',
    labelNames: ['result'],
    registers,
  });
  const turnedAway = new Counter({
    name: 'sso_bridge_turned_away_total',
    help: 'Starts of sign-ins refused because this server has more to do than it can.',
    registers,
  });
  return {
    signIn({ outcome, app = 'summit-k12', durationMs }) {
      count.inc({ outcome, app });
      if (durationMs !== undefined) seconds.observe({ outcome }, durationMs / 1000);
    },
    attempt: (result) => attempts.inc({ result }),
    turnedAway: () => turnedAway.inc(),
  };
}
