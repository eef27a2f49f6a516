// The staff audit log: all of it, or filtered by action, member of staff and day. The filter is posted, and the URL has
// a key in place of the address.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import { describeStaffEntry, namesOf } from '../../admin/staff-entry-document.ts';
import type { StaffAuditFilter } from '../../audit/audit-log.ts';
import type { StaffSession } from '../../staff/staff-sign-in.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import { readProtocolParameters } from '../kit/protocol-parameters.ts';
import { createRouter } from '../kit/router.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { AuditLogPage, isListedAction } from './pages/audit-log-page.tsx';
import { readWhen } from './read-when.ts';
import { sendSupportDeadEnd, sendSupportPage, zoneOf } from './send-support-page.ts';
import { fieldOf, type VisitorHandler, wantsPage } from './staff-access.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createAuditLogRoutes(needs: SupportRoutesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.get('/support/trail', access('admin', showAuditLog(needs)));
  router.post('/support/trail', access('admin', filterAuditLog(needs)));
  return router;
}

const parameters = ['cursor', 'action', 'by', 'day'] as const;
const entriesOfPage = 200;

function showAuditLog({ staffAuditLog, credentials, clock }: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { session }) => {
    const given = readProtocolParameters(request, parameters);
    const filter = given && readFilter(given, zoneOf(request), clock());
    if (given !== undefined && filter === 'wrong day' && wantsPage(request, response))
      return sendWrongDay(response, session, askedIn(given));
    if (given === undefined || filter === undefined || filter === 'wrong day') return malformed(request, response);
    const { entries, cursor } = await staffAuditLog.page(entriesOfPage, given.get('cursor') || undefined, filter);
    const names = namesOf(await credentials.list());
    if (!wantsPage(request, response)) {
      const documents = entries.map((entry) => describeStaffEntry(entry, names));
      return sendJson(response, { entries: documents, cursor: cursor ?? null });
    }
    const asked = askedIn(given);
    const next = cursor && pathOf({ ...asked, cursor });
    return sendSupportPage(response, 200, h(AuditLogPage, { session, entries, names, asked, next }));
  };
}

const askedIn = (given: URLSearchParams) => ({
  action: given.get('action') ?? '',
  by: given.get('by') ?? '',
  day: given.get('day') ?? '',
});

/** The form again, with what was typed. */
const sendWrongDay = (response: Response, session: StaffSession | undefined, asked: ReturnType<typeof askedIn>) =>
  sendSupportPage(
    response,
    400,
    h(AuditLogPage, { session, entries: [], names: new Map(), asked, isWrongDay: true, next: undefined }),
  );

/** Undefined if the filter is invalid in another field than the day. */
function readFilter(given: URLSearchParams, zone: string, now: number): StaffAuditFilter | 'wrong day' | undefined {
  const [action, by, day] = [given.get('action') || undefined, given.get('by') || undefined, given.get('day')];
  const when = day ? readWhen(day, zone, now) : undefined;
  if (action !== undefined && !isListedAction(action)) return undefined;
  if (by !== undefined && !/^[0-9a-f]{32}$/.test(by)) return undefined;
  if (day && when === undefined) return 'wrong day';
  return { action, by, from: when?.from, to: when?.to };
}

function filterAuditLog({ staffAuditLog, credentials, clock }: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { session }) => {
    const who = fieldOf(request, 'who');
    // A credential is found by its name, and recorded by its id.
    const named = who && (await credentials.list()).find(({ name }) => name.toLowerCase() === who.toLowerCase());
    const by = who === undefined ? fieldOf(request, 'by') : staffAuditLog.keyOf(named ? named.id : who);
    const asked = { action: fieldOf(request, 'action') ?? '', by: by ?? '', day: fieldOf(request, 'day') ?? '' };
    // No redirect for an invalid filter: it may be an address in the wrong field.
    const filter = readFilter(new URLSearchParams(asked), zoneOf(request), clock());
    if (filter === 'wrong day') return sendWrongDay(response, session, asked);
    if (filter === undefined) return malformed(request, response);
    sendRedirect(response, 303, pathOf(asked));
  };
}

function pathOf(asked: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== '')).toString();
  return query === '' ? '/support/trail' : `/support/trail?${query}`;
}

function malformed(request: Request, response: Response): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'malformed');
  else
    sendApiProblem(response, 'malformed_request', 'action, by and day, each once: an action of the log, a key, a day.');
}
