// Counts of sign-ins and of recorded failures; ended sessions, the signing key and hourly maintenance; the OpenID
// provider.
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Revocation, Revocations } from '../session/revocations.ts';
import type { SignInEvent } from '../sign-in/sign-in-event.ts';
import { unset } from './unset.ts';

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

/** Ended sessions, the signing key, and hourly maintenance. Opened sessions are the successful sign-ins. */
export interface SessionMetrics {
  /** Wraps the list to count its entries. */
  watch(revocations: Revocations): Revocations;
  upkeepDone(): void;
  /** @param at milliseconds since the epoch */
  keySignsSince(at: number): void;
}

const kinds: readonly Revocation['kind'][] = ['session', 'account', 'district'];

export function createSessionMetrics(registers: Registry[]): SessionMetrics {
  const ended = new Counter({
    name: 'sso_bridge_sessions_ended_total',
    help: 'Endings: one session, all of an account, all of a district.',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of kinds) ended.inc({ kind }, 0);
  const upkeep = unset({
    name: 'sso_bridge_upkeep_last_success_timestamp_seconds',
    help: 'When the hourly upkeep last went through: key rotation by age, endings forgotten that are over.',
    registers,
  });
  const key = unset({
    name: 'sso_bridge_signing_key_since_timestamp_seconds',
    help: 'Since when the current key signs session tokens.',
    registers,
  });
  return {
    watch: (revocations) => ({
      ...revocations,
      async append(endings) {
        const before = await revocations.append(endings);
        for (const { kind } of endings) ended.inc({ kind });
        return before;
      },
    }),
    upkeepDone: () => upkeep.setToCurrentTime(),
    keySignsSince: (at) => key.set(at / 1000),
  };
}

/** The OpenID provider's responses to products. */
export interface OidcMetrics {
  /** One attempt to notify a client of an ended session. */
  clientNotified(result: 'delivered' | 'failed' | 'given_up'): void;
  /**
   * `endpoint`: authorize, token, userinfo, discovery. `answer`: done, sign_in (redirected to Clever first), refused,
   * failed.
   */
  answered(answer: { readonly endpoint: string; readonly answer: string }): void;
}

export function createOidcMetrics(registers: Registry[]): OidcMetrics {
  const answers = new Counter({
    name: 'sso_bridge_oidc_answers_total',
    help: 'Answers of the OpenID provider by endpoint: done, sign_in, refused, failed.',
    labelNames: ['endpoint', 'answer'],
    registers,
  });
  for (const endpoint of ['authorize', 'token', 'userinfo', 'discovery'])
    for (const answer of ['done', 'refused', 'failed']) answers.inc({ endpoint, answer }, 0);
  answers.inc({ endpoint: 'authorize', answer: 'sign_in' }, 0);
  const logouts = new Counter({
    name: 'sso_bridge_backchannel_logouts_total',
    help: 'Attempts to notify a client of an ended session: delivered, failed (tried again), given_up.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['delivered', 'failed', 'given_up']) logouts.inc({ result }, 0);
  return {
    clientNotified: (result) => logouts.inc({ result }),
    answered: ({ endpoint, answer }) => answers.inc({ endpoint, answer }),
  };
}
