// Access to /admin: a member of staff with scope admin, signed in with this browser; the fields of its forms, and what
// its pages depend on. Credentials are not accepted: programs have their own routes, and a credential must not create
// another one here.
import type { Request, RequestHandler, Response } from 'express';
import type { ReadDistrictReach } from '../../admin/district-reach.ts';
import type { PutDistrict } from '../../admin/put-district.ts';
import type { RecordedAccess } from '../../admin/recorded-access.ts';
import type { StaffActions } from '../../admin/staff-actions.ts';
import type { AuditLog, StaffAuditEntry, StaffAuditLog } from '../../audit/audit-log.ts';
import type { District, Districts } from '../../district/district.ts';
import type { LastReports } from '../../roster/last-report.ts';
import type { ReadRosterState } from '../../roster/roster-documents.ts';
import type { RosterPublisher } from '../../roster/roster-publisher.ts';
import type { SyncDistrict } from '../../secure-sync/sync-district.ts';
import type { Clients } from '../../session/clients.ts';
import type { Credentials } from '../../session/credentials.ts';
import type { SigningKeys } from '../../session/signing-keys.ts';
import { isFormOf, type StaffSession } from '../../staff/staff-sign-in.ts';
import { isSameOrigin } from '../kit/csrf.ts';
import { readForm } from '../kit/read-body.ts';
import type { createPreflightPages } from '../roster/preflight-pages.ts';
import type { RosterPages } from '../roster/roster-pages.ts';
import { sendSupportDeadEnd } from '../support/send-support-page.ts';
import { createStaffEntry, type IsOwnRequest, type StaffEntryNeeds } from '../support/staff-entry.ts';
import { type DoneWord, doneTexts } from './pages/done.tsx';
import type { FilledIn } from './pages/remove-form.tsx';

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

/** What was filled in to confirm a removal. */
export const readFilledIn = (request: Request): FilledIn => ({
  confirm: readField(request, 'confirm') ?? '',
  reason: readField(request, 'reason') ?? '',
});

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

/** The dependencies of the administration pages. */
export interface AdminPagesNeeds {
  readonly access: AdminAccess;
  readonly districts: Pick<Districts, 'find' | 'list'>;
  readonly putDistrict: PutDistrict;
  /** All actions on a district go through it: with a second person if configured. */
  readonly staffActions: StaffActions;
  /** Counts the users that an action on the whole district affects. */
  readonly readDistrictReach: ReadDistrictReach;
  readonly readRosterState: ReadRosterState;
  readonly lastReports: Pick<LastReports, 'read'>;
  readonly compareKept: RosterPublisher['compareKept'];
  readonly sync: SyncDistrict;
  /** What Clever shows with the bridge's credentials; one line per check. */
  readonly checkClever: CheckClever;
  readonly credentials: Pick<Credentials, 'list'>;
  readonly clients: Pick<Clients, 'list'>;
  readonly keys: Pick<SigningKeys, 'list'>;
  readonly recordedAccess: RecordedAccess;
  readonly auditLog: Pick<AuditLog, 'record'>;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record' | 'page'>;
  readonly rosterPages: RosterPages;
  readonly preflightPages: ReturnType<typeof createPreflightPages>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export type CheckClever = (district: District) => Promise<readonly CheckedThing[]>;

export interface CheckedThing {
  readonly ok: boolean;
  /** Only a user of the Clever dashboard can check this. */
  readonly unchecked?: boolean;
  readonly detail: string;
  /** What to do about it; only if something is wrong. */
  readonly ask?: string;
}

/** Records what a member of staff did, after it is done. */
export const recordStaff = (
  { staffAuditLog, clock }: Pick<AdminPagesNeeds, 'staffAuditLog' | 'clock'>,
  { email }: StaffSession,
  action: StaffAuditEntry['action'],
  why: string,
  facts: Readonly<Record<string, string | number>> = {},
) => staffAuditLog.record({ action, at: clock(), by: email, why, ...facts });
