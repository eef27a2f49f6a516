// A district's rosters for staff: upload, findings and publish as on the district's own pages, plus approve, roll back
// and sync from Clever. The affected users are shown before a switch.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import { readReason } from '../../audit/reason.ts';
import type { District } from '../../district/district.ts';
import { methods } from '../../identity/candidate.ts';
import { syncOptionOf } from '../../secure-sync/sync-district.ts';
import { isFormOf, type StaffSession } from '../../staff/staff-sign-in.ts';
import { createRouter } from '../kit/router.ts';
import type { PageContext, PageHandler } from '../roster/page-context.ts';
import { sendTemplate, templateOf } from '../roster/roster-pages.ts';
import { SupportLayout } from '../support/pages/support-layout.tsx';
import { ReaderContext } from '../support/pages/time.tsx';
import { requestByPage } from '../support/request-action.ts';
import { sendSupportDeadEnd, sendSupportPage, zoneOf } from '../support/send-support-page.ts';
import { staffActor } from '../support/staff-access.ts';
import { type AdminHandler, type AdminPagesNeeds, readField, recordStaff } from './admin-access.ts';
import { findAdminDistrict } from './district-pages.ts';
import { CleverCheckPage, SwitchPage, SyncPage } from './pages/switch-page.tsx';

export function createAdminRosterPages(needs: AdminPagesNeeds): Router {
  const { access, rosterPages, preflightPages } = needs;
  const router = createRouter();
  const at = '/admin/districts/:id';
  const context = (handler: PageHandler) => access(withPageContext(needs, handler));
  const ofFiles = (handler: PageHandler) => access.ofFiles(withPageContext(needs, handler));
  router.get(`${at}/rosters`, context(rosterPages.showForm));
  router.post(`${at}/rosters`, ofFiles(rosterPages.receive));
  router.post(`${at}/rosters/:method/publish`, ofFiles(rosterPages.publishKept));
  router.get(`${at}/rosters/:method/report`, context(rosterPages.showReport('publish')));
  router.get(`${at}/rosters/:method/report.csv`, context(rosterPages.sendReport('publish')));
  router.get(`${at}/rosters/:method/check`, context(rosterPages.showReport('check')));
  router.get(`${at}/rosters/:method/check.csv`, context(rosterPages.sendReport('check')));
  for (const verb of ['approve', 'rollback'] as const) {
    router.get(`${at}/rosters/:method/${verb}`, access(showSwitch(needs, verb)));
    router.post(`${at}/rosters/:method/${verb}`, access(switchRoster(needs, verb)));
  }
  router.get(`${at}/preflight`, context(preflightPages.show));
  router.post(`${at}/preflight`, ofFiles(preflightPages.run));
  router.post(`${at}/sync`, access(sync(needs)));
  router.post(`${at}/clever`, access(checkClever(needs)));
  router.get('/admin/templates/:file', access(sendTemplateFile));
  return router;
}

const withPageContext =
  (needs: AdminPagesNeeds, handler: PageHandler): AdminHandler =>
  async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district !== undefined) await handler(request, response, createPageContext(needs, request, district, session));
  };

/** Page reads by staff without personal data are not recorded; actions are, and pages that name users. */
const unrecorded: readonly string[] = ['district_page_read', 'report_exported'];

function createPageContext(
  needs: AdminPagesNeeds,
  request: Request,
  district: District,
  session: StaffSession,
): PageContext {
  const { email, formToken } = session;
  const reader = { zone: zoneOf(request, district), path: request.method === 'GET' ? request.originalUrl : '/admin' };
  return {
    district,
    base: `/admin/districts/${district.id}`,
    by: email,
    owner: email,
    isStaff: true,
    formToken,
    isOwnForm: (token) => isFormOf(session, token),
    frame: (title, children) =>
      h(ReaderContext.Provider, {
        value: reader,
        children: h(SupportLayout, { title, session, here: 'admin', children }),
      }),
    async note(action, facts = {}) {
      if (unrecorded.includes(action)) return;
      const { auditLog, clock } = needs;
      if (action === 'preflight_made') await auditLog.record(district.id, { action, at: clock(), by: email, ...facts });
      await recordStaff(needs, session, action, 'pages of administration', { district: district.id, ...facts });
    },
  };
}

type Verb = 'approve' | 'rollback';

const showSwitch =
  (needs: AdminPagesNeeds, verb: Verb): AdminHandler =>
  async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district !== undefined)
      await sendSwitch(needs, response, session, { district, verb, given: request.params['method'] });
  };

interface Switch {
  readonly district: District;
  readonly verb: Verb;
  readonly given: unknown;
  readonly isWrong?: boolean;
}

async function sendSwitch(
  { compareKept, staffActions: { hasFourEyes: waits } }: AdminPagesNeeds,
  response: Response,
  session: StaffSession,
  { district, verb, given, isWrong = false }: Switch,
): Promise<void> {
  const method = methods.find((each) => each === given);
  const kept = method && (await compareKept(district.id, method, verb));
  if (method === undefined || kept === undefined) return sendSupportDeadEnd(response, 'refused');
  sendSupportPage(
    response,
    isWrong ? 400 : 200,
    h(SwitchPage, { session, district, method, verb, kept, isWrong, waits }),
    district,
  );
}

const switchRoster =
  (needs: AdminPagesNeeds, verb: Verb): AdminHandler =>
  async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district === undefined) return;
    const reason = readReason(readField(request, 'reason') ?? '');
    const given = request.params['method'];
    const method = methods.find((each) => each === given);
    if (reason === undefined) return sendSwitch(needs, response, session, { district, verb, given, isWrong: true });
    if (method === undefined) return sendSupportDeadEnd(response, 'refused');
    const kind = verb === 'approve' ? 'approve_roster' : 'roll_back_roster';
    const wanted = { district: district.id, action: { kind, method }, reason } as const;
    await requestByPage(needs, response, staffActor(session), wanted);
  };

function sync(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district === undefined) return;
    if (syncOptionOf(district) === undefined) return sendSupportDeadEnd(response, 'refused');
    const result = await needs.sync(district, { by: session.email });
    await recordStaff(needs, session, 'district_synced', 'pages of administration', { district: district.id });
    sendSupportPage(response, 200, h(SyncPage, { session, district, result }));
  };
}

function checkClever(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const district = await findAdminDistrict(needs, request, response);
    if (district === undefined) return;
    const checked = await needs.checkClever(district);
    sendSupportPage(response, 200, h(CleverCheckPage, { session, district, checked }));
  };
}

const sendTemplateFile: AdminHandler = (request, response) => {
  const kind = templateOf(request);
  return kind === undefined ? sendSupportDeadEnd(response, 'not-found') : sendTemplate(response, kind);
};
