// One person, and one district, may not take the servers from everybody else: counted when Clever has vouched for them.
import type { DecideSignIn } from './decide-sign-in.ts';

export interface PeopleLimiter {
  /** Undefined if it passes. */
  count(rule: 'person' | 'district', key: string): Promise<number | undefined>;
}

export interface RateLimited {
  readonly kind: 'refused';
  readonly code: 'rate_limited';
}

export function limitPeople(decide: DecideSignIn, limiter: PeopleLimiter): DecideSignIn {
  return async (claims, opening) => {
    const district = String(claims['district'] ?? '');
    const isOver =
      (await limiter.count('person', `${district} ${String(claims['sub'] ?? '')}`)) !== undefined ||
      (await limiter.count('district', district)) !== undefined;
    return isOver ? { kind: 'refused', code: 'rate_limited' } : decide(claims, opening);
  };
}
