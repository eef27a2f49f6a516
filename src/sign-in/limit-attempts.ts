// Limits the recorded attempts per address: any client can make any number of attempts of unknown districts.
import type { AttemptFacts } from '../support/attempt.ts';
import type { CompletionNeeds } from './complete-sign-in.ts';
import type { RecordAttempt } from './record-refusal.ts';

export interface AttemptLimiter {
  /** Undefined if it passes. */
  count(rule: 'unknown_district', address: string): Promise<number | undefined>;
}

/** @param onLimited called for each attempt that is not recorded; it has no reference */
export function limitAttempts(
  record: RecordAttempt,
  limiter: AttemptLimiter,
  onLimited: () => void,
): CompletionNeeds['recordAttempt'] {
  return async (attempt: AttemptFacts, address) => {
    const isOver = attempt.district === undefined && (await limiter.count('unknown_district', address)) !== undefined;
    if (!isOver) return record(attempt);
    onLimited();
    return { kept: false };
  };
}
