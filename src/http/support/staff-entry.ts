// The one check of a request that staff send with the session of their browser: who it is, whether the scope is enough, and
// whether a page of ours sent it. How a refusal is shown is the caller's.
import type { Request, Response } from 'express';
import type { StaffSession, StaffSignIn } from '../../staff/staff-sign-in.ts';
import type { OnAccessRefused } from '../kit/access-refused.ts';
import { markCredentialKnown } from '../kit/known-credential.ts';
import type { StaffCookie } from './staff-cookies.ts';

export interface StaffEntryNeeds {
  /** Undefined where no STAFF_ISSUER is set: the pages are closed. */
  readonly staff: StaffSignIn | undefined;
  readonly cookie: StaffCookie;
  readonly origin: string;
  readonly onRefused: OnAccessRefused;
}

export type StaffEntry =
  | { readonly kind: 'staff'; readonly session: StaffSession }
  /** Not a request of staff: a credential, or no session that lives. */
  | { readonly kind: 'other' }
  | { readonly kind: 'refused'; readonly why: StaffEntryRefused };

export type StaffEntryRefused = 'not-admin' | 'other-site';

/** A request that changes something: whether a page of ours sent it. A cookie alone proves no will (CSRF). */
export type IsOwnRequest = (request: Request, session: StaffSession, origin: string) => boolean;

export function createStaffEntry({ staff, cookie, origin, onRefused }: StaffEntryNeeds, isOwnRequest: IsOwnRequest) {
  const refuse = (why: StaffEntryRefused): StaffEntry => ({ kind: 'refused', why });

  return async (request: Request, response: Response, scope: 'support' | 'admin'): Promise<StaffEntry> => {
    response.vary('Cookie');
    const session = request.get('authorization') === undefined ? await staff?.find(cookie.read(request)) : undefined;
    if (session === undefined) return { kind: 'other' };
    markCredentialKnown(response);
    if (scope === 'admin' && session.scope !== 'admin') {
      onRefused({ who: 'staff', reason: 'scope', needs: scope });
      return refuse('not-admin');
    }
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading || isOwnRequest(request, session, origin)) return { kind: 'staff', session };
    onRefused({ who: 'staff', reason: 'other_site' });
    return refuse('other-site');
  };
}

export const entryRefusedTexts: Readonly<Record<StaffEntryRefused, string>> = {
  'not-admin': 'This needs scope admin.',
  'other-site': 'This was not sent by a page of ours.',
};
