// The claims of a session token whose signature has been verified.
import type { JWTPayload } from 'jose';

export interface VerifiedSession {
  /** Account id: the same for this user at every sign-in. */
  readonly sub: string;
  /** Session id. */
  readonly sid: string;
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  /** The district's id at the bridge. */
  readonly district: string;
  readonly role: 'student' | 'teacher' | 'staff' | 'administrator';
  /** Absent if the roster gives none, and in tokens of earlier versions. An administrator has one of the first two. */
  readonly position?: 'district_admin' | 'school_admin' | 'lead_teacher' | 'support_teacher';
  readonly matched: { readonly by: string; readonly roster: string };
}

const roles: readonly unknown[] = ['student', 'teacher', 'staff', 'administrator'];
const positions: readonly unknown[] = [undefined, 'district_admin', 'school_admin', 'lead_teacher', 'support_teacher'];
/** Tolerated clock skew of the bridge; a token issued further in the future is rejected. */
const aheadSeconds = 60;

/** Undefined if the claims are not those of a session. @param now seconds since the epoch */
export function readSessionClaims(payload: JWTPayload, now: number): VerifiedSession | undefined {
  const { sub, jti, iat, exp } = payload;
  const { sid, district, role, position, matched } = payload as Partial<VerifiedSession>;
  const texts = [sub, sid, jti, district];
  if (!texts.every((text) => typeof text === 'string' && text !== '')) return undefined;
  if (!roles.includes(role) || !positions.includes(position)) return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number' || iat > now + aheadSeconds) return undefined;
  if (typeof matched !== 'object' || matched === null) return undefined;
  const optional = position === undefined ? {} : { position };
  return { sub, sid, jti, iat, exp, district, role, ...optional, matched } as VerifiedSession;
}
