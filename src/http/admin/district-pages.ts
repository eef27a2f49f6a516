// Pages for districts: linking, changing, reading and removing them; the effect of each change is shown before it.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import type { PutResult } from '../../admin/put-district.ts';
import type { StaffAction } from '../../admin/staff-action.ts';
import type { StaffAuditEntry } from '../../audit/audit-log.ts';
import { readReason } from '../../audit/reason.ts';
import type { District } from '../../district/district.ts';
import { type DistrictProblem, isDistrictId, readDistrict } from '../../district/read-district.ts';
import { heldRemovalLines } from '../../roster/report-text.ts';
import type { StaffSession } from '../../staff/staff-sign-in.ts';
import { createRouter, idOf } from '../kit/router.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { requestByPage } from '../support/request-action.ts';
import { sendReasonAgain } from '../support/send-form-again.ts';
import { sendSupportDeadEnd, sendSupportPage } from '../support/send-support-page.ts';
import { staffActor } from '../support/staff-access.ts';
import {
  type AdminHandler,
  type AdminPagesNeeds,
  readDone,
  readField,
  readFields,
  readFilledIn,
} from './admin-access.ts';
import { type Confirm, DistrictFormPage, type DistrictValues, valuesOf } from './pages/district-form.tsx';
import { AdminDistrictPage, AdminHome } from './pages/district-page.tsx';
import type { DoneWord } from './pages/done.tsx';
import type { FilledIn } from './pages/remove-form.tsx';
import { RemovePage } from './pages/remove-page.tsx';

export function createAdminDistrictPages(needs: AdminPagesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.get('/admin', access(showHome(needs)));
  router.get('/admin/link', access(showForm));
  router.post('/admin/link', access(putNew(needs)));
  router.get('/admin/districts/:id', access(showDistrict(needs)));
  router.get('/admin/districts/:id/settings', access(showSettings(needs)));
  router.post('/admin/districts/:id/settings', access(putChanged(needs)));
  router.get('/admin/districts/:id/remove', access(showRemove(needs)));
  router.post('/admin/districts/:id/remove', access(remove(needs)));
  router.post('/admin/districts/:id/sessions/end', access(actOn(needs, { kind: 'end_sessions' })));
  router.post('/admin/districts/:id/links/release', access(actOn(needs, { kind: 'release_links' })));
  return router;
}

const showHome =
  ({ districts, staffActions, staffAuditLog }: AdminPagesNeeds): AdminHandler =>
  async (request, response, session) => {
    const waiting = staffActions.hasFourEyes ? (await staffActions.listWaiting()).length : undefined;
    const done = readDone(request);
    const removed = done === 'removed' ? await findLastRemoval(staffAuditLog, session) : undefined;
    const home = { session, districts: await districts.list(), done, removed, waiting };
    sendSupportPage(response, 200, h(AdminHome, home));
  };

/** The district that this user removed or approved last, for the next page: the district's own pages are gone. */
async function findLastRemoval(
  { page }: AdminPagesNeeds['staffAuditLog'],
  { email }: StaffSession,
): Promise<StaffAuditEntry | undefined> {
  const { entries } = await page(1, undefined, { action: 'district_removed' });
  return entries.find(({ by, approved_by: approvedBy }) => by === email || approvedBy === email);
}

export async function findAdminDistrict(
  { districts }: Pick<AdminPagesNeeds, 'districts'>,
  request: Request,
  response: Response,
): Promise<District | undefined> {
  const id = idOf(request);
  const district = isDistrictId(id) ? await districts.find(id) : undefined;
  if (district === undefined) sendSupportDeadEnd(response, 'not-found');
  return district;
}

export const sendDone = (response: Response, district: Pick<District, 'id'>, done: DoneWord): void =>
  sendRedirect(response, 303, `/admin/districts/${district.id}?done=${done}`);

const showForm: AdminHandler = (_request, response, session) =>
  sendSupportPage(response, 200, h(DistrictFormPage, { session, values: {}, isNew: true }));

function readValues(request: Request): DistrictValues {
  const text = (name: string) => readField(request, name) ?? '';
  const sync = text('secure_sync');
  return {
    id: text('id'),
    name: text('name'),
    clever_id: text('clever_id').toLowerCase(),
    rostering: [...readFields(request, 'rostering'), ...(sync === '' ? [] : [`secure-sync:${sync}`])],
    ...settingsOf(request),
  };
}

const settingNames = ['oneroster_email', 'oneroster_id', 'district_admins', 'school_admins', 'time_zone'] as const;

const settingsOf = (request: Request): Readonly<Record<string, string>> =>
  Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = readField(request, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

function putNew(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const values = readValues(request);
    const read = readDistrict(values.id ?? '', values);
    if (read.kind === 'problems') return again(response, session, { values, isNew: true, problems: read.problems });
    if ((await needs.districts.find(read.district.id)) !== undefined) {
      const problems = [{ field: 'id', message: 'is another district’s already; change that one on its own page' }];
      return again(response, session, { values, isNew: true, problems });
    }
    return put(needs, request, response, session, { district: read.district, values, isNew: true });
  };
}

function putChanged(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const former = await findAdminDistrict(needs, request, response);
    if (former === undefined) return;
    const values = { ...readValues(request), id: former.id };
    const read = readDistrict(former.id, values);
    if (read.kind === 'problems') return again(response, session, { values, isNew: false, problems: read.problems });
    const isRelink = read.district.cleverId !== former.cleverId && readField(request, 'relink') !== 'yes';
    if (isRelink) {
      const warning = `This links ${former.id} to another Clever district. All its sessions end, and all users who are linked need a release.`;
      return again(response, session, { values, isNew: false, confirm: { name: 'relink', warning } }, 409);
    }
    return put(needs, request, response, session, { district: read.district, values, isNew: false });
  };
}

interface ToPut {
  readonly district: District;
  readonly values: DistrictValues;
  readonly isNew: boolean;
}

async function put(
  needs: AdminPagesNeeds,
  request: Request,
  response: Response,
  session: StaffSession,
  { district, values, isNew }: ToPut,
): Promise<void> {
  const approve = readField(request, 'approve') === 'yes';
  const action = { kind: 'put_district', district } as const;
  const waits = needs.staffActions.waits(action);
  const result = await needs.putDistrict(district, session.email, { approve: approve && !waits });
  if (result.kind === 'held' && approve && waits) {
    const reason = readReason(readField(request, 'reason') ?? '') ?? 'rostering method removed';
    return requestByPage(needs, response, staffActor(session), { district: district.id, action, reason });
  }
  if (result.kind !== 'done') return refusePut(response, session, { values, isNew }, result, waits);
  sendDone(response, district, isNew ? 'linked' : 'changed');
}

function refusePut(
  response: Response,
  session: StaffSession,
  shown: Pick<ToPut, 'values' | 'isNew'>,
  result: Exclude<PutResult, { readonly kind: 'done' }>,
  waits: boolean,
): void {
  const confirm =
    result.kind === 'held' ? { name: 'approve', warning: heldRemovalLines(result.removed), waits } : undefined;
  const problems = result.kind === 'refused' ? [{ field: 'clever_id', message: takenBy(result.by) }] : [];
  again(response, session, { ...shown, problems, ...(confirm && { confirm }) }, 409);
}

const takenBy = (id: string): string =>
  `is linked to our district ${id} already; one Clever district can be linked once`;

interface Again extends Pick<ToPut, 'values' | 'isNew'> {
  readonly problems?: readonly DistrictProblem[];
  /** The confirmation that is required first. */
  readonly confirm?: Confirm;
}

const again = (response: Response, session: StaffSession, shown: Again, status = 400): void =>
  sendSupportPage(response, status, h(DistrictFormPage, { session, ...shown }));

function showDistrict(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district === undefined) return;
    const state = await needs.readRosterState(district);
    const waits = needs.staffActions.hasFourEyes;
    const reach = await needs.readDistrictReach(district.id);
    const done = readDone(request);
    sendSupportPage(response, 200, h(AdminDistrictPage, { session, state, reach, waits, done }), district);
  };
}

function showSettings(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district === undefined) return;
    sendSupportPage(response, 200, h(DistrictFormPage, { session, values: valuesOf(district), isNew: false }));
  };
}

function showRemove(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district === undefined) return;
    await sendRemovePage(needs, response, session, district);
  };
}

async function sendRemovePage(
  needs: AdminPagesNeeds,
  response: Response,
  session: StaffSession,
  district: District,
  given?: FilledIn,
): Promise<void> {
  const [state, reach] = await Promise.all([needs.readRosterState(district), needs.readDistrictReach(district.id)]);
  const page = h(RemovePage, { session, state, reach, given, waits: needs.staffActions.hasFourEyes });
  sendSupportPage(response, given === undefined ? 200 : 400, page, district);
}

/** Only with the typed id of the district: it cannot be restored. */
function remove(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district === undefined) return;
    const reason = readReason(readField(request, 'reason') ?? '');
    if (readField(request, 'confirm') !== district.id || reason === undefined)
      return sendRemovePage(needs, response, session, district, readFilledIn(request));
    const wanted = { district: district.id, action: { kind: 'remove_district' }, reason } as const;
    await requestByPage(needs, response, staffActor(session), wanted);
  };
}

/** An action on a whole district needs a reason. */
function actOn(needs: AdminPagesNeeds, action: StaffAction): AdminHandler {
  return async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district === undefined) return;
    const reason = readReason(readField(request, 'reason') ?? '');
    if (reason === undefined) {
      const label = action.kind === 'end_sessions' ? 'End all sessions' : 'Release all links';
      const back = `/admin/districts/${district.id}`;
      const waits = needs.staffActions.waits(action);
      return sendReasonAgain(request, response, { session, label, back, waits });
    }
    await requestByPage(needs, response, staffActor(session), { district: district.id, action, reason });
  };
}
