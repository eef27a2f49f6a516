// Access to /admin: a member of staff with scope admin, signed in with this browser. Credentials are not accepted:
// programs have their own routes, and a credential must not create another one here.
import type { Request, RequestHandler, Response } from 'express';
import { isFormOf, type StaffSession } from '../../staff/staff-sign-in.ts';
import { isSameOrigin } from '../kit/csrf.ts';
import { readForm } from '../kit/read-body.ts';
import { sendSupportDeadEnd } from '../support/send-support-page.ts';
import { createStaffEntry, type IsOwnRequest, type StaffEntryNeeds } from '../support/staff-entry.ts';
import { type DoneWord, doneTexts } from './pages/done.tsx';

export type AdminHandler = (request: Request, response: Response, session: StaffSession) => unknown;

export interface AdminAccess {
  (handler: AdminHandler): RequestHandler;
  /** For a form with files: its token follows in the body; the handler must check it. */
  readonly ofFiles: (handler: AdminHandler) => RequestHandler;
}

export function createAdminAccess(needs: StaffEntryNeeds): AdminAccess {
  const open = (isOwnRequest: IsOwnRequest, readsForm: boolean) => {
    const enter = createStaffEntry(needs, isOwnRequest);
    return (handler: AdminHandler): RequestHandler =>
      async (request, response) => {
        if (request.method === 'POST' && readsForm) await readForm(request, response);
        const entry = await enter(request, response, 'admin');
        if (entry.kind === 'refused') return sendSupportDeadEnd(response, entry.why);
        if (entry.kind === 'staff') return handler(request, response, entry.session);
        return sendSupportDeadEnd(response, needs.staff === undefined ? 'closed' : 'signed-out', {
          returnTo: request.originalUrl,
        });
      };
  };
  const isOwnForm: IsOwnRequest = (request, session, origin) => {
    const hasToken = isFormOf(session, request.body?.form);
    return hasToken && isSameOrigin(request, origin, hasToken);
  };
  const isNotForeign: IsOwnRequest = (request, _session, origin) => isSameOrigin(request, origin, true);
  return Object.assign(open(isOwnForm, true), { ofFiles: open(isNotForeign, false) });
}

/** Trimmed text; undefined if it is empty or sent twice. */
export function readField(request: Request, name: string): string | undefined {
  const value: unknown = request.body?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** All values of a repeatable field. */
export function readFields(request: Request, name: string): readonly string[] {
  const value: unknown = request.body?.[name];
  return [value].flat().filter((each): each is string => typeof each === 'string' && each !== '');
}

/** The parameter by which a page reports what was done. */
export function readDone(request: Request): DoneWord | undefined {
  const [, word = ''] = /[?&]done=([a-z-]{1,20})(?:&|$)/.exec(request.originalUrl) ?? [];
  return Object.keys(doneTexts).find((each): each is DoneWord => each === word);
}
