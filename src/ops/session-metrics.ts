// Ended sessions, the signing key, and hourly maintenance. Opened sessions are the successful sign-ins.
import { Counter, type Registry } from 'prom-client';
import type { Revocation, Revocations } from '../session/revocations.ts';
import { unset } from './unset.ts';

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
