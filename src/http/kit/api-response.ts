// Responses to programs: JSON that is not cached; errors as problem documents (RFC 9457), in English, or at OAuth
// endpoints in the form of RFC 6749. Outcomes of a sign-in are in outcome/.
import type { Response } from 'express';
import { noteOnRequest } from '../../trace/request-context.ts';

/** Each code has one meaning and one status. */
const apiProblems = {
  malformed_request: { status: 400, title: 'The request cannot be understood' },
  cursor_malformed: { status: 400, title: 'This is no cursor' },
  reference_misheard: { status: 400, title: 'One character of this reference is wrong' },
  unauthorized: { status: 401, title: 'No credential, or none that is known here' },
  insufficient_scope: { status: 403, title: 'The credential is for something else' },
  attempt_unknown: { status: 404, title: 'There is no such attempt' },
  incident_unknown: { status: 404, title: 'There is no such incident' },
  district_unknown: { status: 404, title: 'There is no such district' },
  request_unknown: { status: 404, title: 'There is no such request' },
  second_person_needed: { status: 403, title: 'A second person is needed' },
  account_unknown: { status: 404, title: 'There is no such account' },
  method_unknown: { status: 404, title: 'There is no such method of rostering' },
  clever_district_taken: { status: 409, title: 'The Clever district is linked to another district' },
  method_not_used: { status: 409, title: 'The district is not rostered by this method' },
  method_needed: { status: 409, title: 'Several rosters could be meant' },
  held: { status: 409, title: 'The roster is held until it is approved' },
  not_linked: { status: 409, title: 'The account is linked to no Clever id' },
  link_changed_since: { status: 409, title: 'The account was linked to another Clever id since' },
  link_not_moved: { status: 409, title: 'The link cannot be moved' },
  nothing_held: { status: 409, title: 'Nothing is held' },
  nothing_to_roll_back_to: { status: 409, title: 'There is no former roster' },
  roster_changed_since: { status: 409, title: 'Another roster was published since' },
  roster_pending: { status: 409, title: 'The district has never published a roster' },
  too_many_waiting: { status: 409, title: 'Too many requests wait for a second person' },
  request_decided: { status: 409, title: 'The request is decided already' },
  request_expired: { status: 410, title: 'The request has expired' },
  cursor_gone: { status: 410, title: 'The changes after this cursor are not all kept' },
  body_too_large: { status: 413, title: 'The body is larger than a roster may be' },
  media_type_unsupported: { status: 415, title: 'The body is of a kind that is not read here' },
  errors_found: { status: 422, title: 'The roster has errors' },
  clever_unread: { status: 502, title: 'Clever could not be read' },
  export_unreadable: { status: 422, title: 'The export cannot be read' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ApiProblemCode = keyof typeof apiProblems;

/** @param more further members; never a value from the request */
export function sendApiProblem(response: Response, code: ApiProblemCode, detail: string, more: object = {}): void {
  const { status, title } = apiProblems[code];
  noteOnRequest({ 'sso_bridge.outcome': code });
  response
    .status(status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:summit-k12:sso-bridge:problem:${code}`, title, status, detail, code, ...more }));
}

/** RFC 6749 section 5.2, the form that OAuth libraries expect. */
export function sendOAuthError(
  response: Response,
  status: 400 | 401 | 403,
  error: 'invalid_request' | 'invalid_client' | 'unauthorized_client',
): void {
  response.status(status).set('Cache-Control', 'no-store').json({ error });
}

export const sendJson = (response: Response, body: object): void =>
  void response.set('Cache-Control', 'no-store').json(body);
