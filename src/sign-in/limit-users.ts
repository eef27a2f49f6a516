// Limits the sign-ins of one user and of one district, counted after Clever has verified the user.
import type { DecideSignIn } from './decide-sign-in.ts';

export interface UserLimiter {
  /** Undefined if it passes. */
  count(rule: 'person' | 'district', key: string): Promise<number | undefined>;
}

export function limitUsers(decide: DecideSignIn, limiter: UserLimiter): DecideSignIn {
  return async (claims, opening) => {
    const district = String(claims['district'] ?? '');
    const isOver =
      (await limiter.count('person', `${district} ${String(claims['sub'] ?? '')}`)) !== undefined ||
      (await limiter.count('district', district)) !== undefined;
    return isOver ? { kind: 'refused', code: 'rate_limited' } : decide(claims, opening);
  };
}
