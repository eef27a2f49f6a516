// A stored action of staff as JSON: ids and counts, no names of users.
import type { KeptAction, KeptState } from './kept-actions.ts';
import { subjectOf } from './staff-action.ts';

export type StateNow = KeptState | 'expired';

/** @param now milliseconds since the epoch */
export const stateNow = ({ state, waitsUntil }: Pick<KeptAction, 'state' | 'waitsUntil'>, now: number): StateNow =>
  state === 'waiting' && waitsUntil <= now ? 'expired' : state;

export function describeKept(kept: KeptAction, now: number) {
  const { id, district, action, by, reason, at, waitsUntil, reference, decision, facts, refusal } = kept;
  return {
    id,
    district,
    action: action.kind,
    ...subjectOf(action),
    ...facts,
    state: stateNow(kept, now),
    by,
    reason,
    at: timeOf(at),
    expires_at: timeOf(waitsUntil),
    reference: reference ?? null,
    decision:
      decision === undefined ? null : { by: decision.by, at: timeOf(decision.at), reason: decision.reason ?? null },
    /** Why it failed although it was approved. */
    code: refusal ?? null,
  };
}

const timeOf = (at: number): string => new Date(at).toISOString();
