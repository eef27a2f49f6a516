// Claims of a session as the decision would make them.
import { randomUUID } from 'node:crypto';
import type { SessionClaims } from '../../src/session/session-token.ts';
import { sessionTtlSeconds } from '../helpers/services.ts';

export function claimsFor(clock: () => number, change: Partial<SessionClaims> = {}): SessionClaims {
  const iat = Math.floor(clock() / 1000);
  return {
    sub: '00000000-0000-8000-8000-000000000001',
    sid: randomUUID(),
    jti: randomUUID(),
    iat,
    exp: iat + sessionTtlSeconds,
    district: 'juniper-flats',
    role: 'student',
    matched: { by: 'email', roster: 'sftp' },
    ...change,
  };
}
