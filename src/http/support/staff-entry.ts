// The common check of a request with a staff session: identity, scope, and whether a page of the bridge sent it.
// Callers send the refusal.
import type { Request, Response } from 'express';
import type { StaffSession, StaffSignIn } from '../../staff/staff-sign-in.ts';
import { markCredentialKnown, type OnAccessRefused } from '../kit/authenticate.ts';
import type { StaffCookie } from './staff-cookies.ts';

export interface StaffEntryNeeds {
  /** Undefined if STAFF_ISSUER is not set: the pages are closed. */
  readonly staff: StaffSignIn | undefined;
  readonly cookie: StaffCookie;
  readonly origin: string;
  readonly onRefused: OnAccessRefused;
}

export type StaffEntry =
  | { readonly kind: 'staff'; readonly session: StaffSession }
  /** Not a staff session: a credential, or no live session. */
  | { readonly kind: 'other' }
  | { readonly kind: 'refused'; readonly why: StaffEntryRefused };

export type StaffEntryRefused = 'not-admin' | 'other-site';

/**
 * For a request that changes something: whether a page of the bridge sent it. A cookie alone does not prove intent
 * (CSRF).
 */
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
