// The routes of /district, for administrators of a district. The district is that of the session.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import {
  type DescribeMismatches,
  type DistrictMismatch,
  districtMismatchHeader,
  districtMismatchRow,
  type FewMismatches,
  type ReadDistrictMismatches,
} from '../../admin/district-mismatches.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import { type Method, methods } from '../../identity/candidate.ts';
import type { Incidents, ReadIncident } from '../../incidents/incidents.ts';
import type { LastReport, LastReports } from '../../roster/last-report.ts';
import type { ReadRosterState } from '../../roster/roster-documents.ts';
import type { AttemptLog } from '../../support/attempt-log.ts';
import { createRouter } from '../kit/router.ts';
import { sendNotFound } from '../kit/send-refusal.ts';
import { sendCsv } from '../kit/send-stream.ts';
import { sendStaffPage } from '../roster/page-context.ts';
import type { createPreflightPages } from '../roster/preflight-pages.ts';
import { type RosterPages, sendTemplate, templateOf } from '../roster/roster-pages.ts';
import type { DistrictAccess, DistrictHandler } from './district-access.ts';
import { ActivityPage } from './pages/activity-page.tsx';
import { DistrictHome } from './pages/district-home.tsx';
import { IncidentPage } from './pages/incident-page.tsx';
import { MismatchesPage } from './pages/mismatches-page.tsx';

export interface DistrictPagesNeeds {
  readonly access: DistrictAccess;
  readonly readRosterState: ReadRosterState;
  readonly lastReports: Pick<LastReports, 'read'>;
  readonly readMismatches: ReadDistrictMismatches;
  readonly describeMismatches: DescribeMismatches;
  readonly incidents: Pick<Incidents, 'list'>;
  readonly readIncident: ReadIncident;
  readonly attempts: Pick<AttemptLog, 'findMany'>;
  readonly auditLog: Pick<AuditLog, 'list'>;
  readonly rosterPages: RosterPages;
  readonly preflightPages: ReturnType<typeof createPreflightPages>;
  readonly onFailure: (failure: unknown) => void;
}

export function createDistrictPages(needs: DistrictPagesNeeds): Router {
  const { access, rosterPages, preflightPages } = needs;
  const router = createRouter();
  router.get('/district', access('school', showHome(needs)));
  router.get('/district/incidents/:id', access('district', showIncident(needs)));
  router.get('/district/mismatches', access('school', showMismatches(needs)));
  router.get('/district/mismatches.csv', access('school', exportMismatches(needs)));
  router.get('/district/rosters', access('district', rosterPages.showForm));
  router.post('/district/rosters', access('district', rosterPages.receive));
  router.post('/district/rosters/:method/publish', access('district', rosterPages.publishKept));
  router.get('/district/rosters/:method/report', access('district', rosterPages.showReport('publish')));
  router.get('/district/rosters/:method/report.csv', access('district', rosterPages.sendReport('publish')));
  router.get('/district/rosters/:method/check', access('district', rosterPages.showReport('check')));
  router.get('/district/rosters/:method/check.csv', access('district', rosterPages.sendReport('check')));
  router.get('/district/preflight', access('district', preflightPages.show));
  router.post('/district/preflight', access('district', preflightPages.run));
  router.get('/district/templates/:file', access('district', sendTemplateFile));
  router.get('/district/trail', access('district', showTrail(needs)));
  return router;
}

const [maxAtHome, maxIncidents, maxListed, maxEntries] = [10, 20, 200, 200];

function showHome(needs: DistrictPagesNeeds): DistrictHandler {
  return async (_request, response, context) => {
    await context.note('district_page_read', { page: 'home' });
    const isSchool = context.schoolIds !== undefined;
    const [state, mismatches, reports, open] = await Promise.all([
      needs.readRosterState(context.district),
      firstOf(needs.readMismatches(context.district, context.schoolIds), maxAtHome),
      readReports(needs, context.district.id),
      // An incident covers the whole district: a school must not see how many users of other schools are affected.
      isSchool
        ? []
        : needs.incidents
            .list({ district: context.district.id, state: 'open' }, undefined, maxIncidents)
            .then((page) => page.incidents),
    ]);
    sendStaffPage(response, 200, h(DistrictHome, { context, state, mismatches, reports, incidents: open }));
  };
}

async function readReports({ lastReports }: DistrictPagesNeeds, districtId: string) {
  const found = await Promise.all(methods.map((method) => lastReports.read(districtId, method, 'publish')));
  return new Map<Method, LastReport>(
    methods.flatMap((method, index) => {
      const report = found[index];
      return report === undefined ? [] : [[method, report]];
    }),
  );
}

async function firstOf(mismatches: AsyncGenerator<DistrictMismatch>, most: number): Promise<FewMismatches> {
  const list: DistrictMismatch[] = [];
  for await (const mismatch of mismatches) {
    if (list.length === most) return { list, hasMore: true };
    list.push(mismatch);
  }
  return { list, hasMore: false };
}

function showIncident(needs: DistrictPagesNeeds): DistrictHandler {
  return async (request, response, context) => {
    const found = await needs.readIncident(String(request.params['id']));
    // An incident of another district is reported as missing, even to a visitor who knows its id.
    if (found === undefined || found.incident.district !== context.district.id) return sendNotFound(request, response);
    await context.note('district_page_read', { page: 'incident' });
    const open = found.people.filter(({ state }) => state === 'open');
    const newest = await needs.attempts.findMany(open.slice(0, maxListed));
    const known = newest.filter((attempt) => attempt !== undefined);
    const list = await needs.describeMismatches(context.district, context.schoolIds, known);
    const mismatches = { list, hasMore: open.length > maxListed };
    sendStaffPage(response, 200, h(IncidentPage, { context, found, mismatches }));
  };
}

function showMismatches(needs: DistrictPagesNeeds): DistrictHandler {
  return async (_request, response, context) => {
    await context.note('district_page_read', { page: 'mismatches' });
    const mismatches = await firstOf(needs.readMismatches(context.district, context.schoolIds), maxListed);
    sendStaffPage(response, 200, h(MismatchesPage, { context, mismatches }));
  };
}

function exportMismatches(needs: DistrictPagesNeeds): DistrictHandler {
  return async (_request, response, context) => {
    await context.note('mismatches_exported');
    const rows = mismatchRows(needs.readMismatches(context.district, context.schoolIds));
    await sendCsv(response, `${context.district.id}-open-sign-ins.csv`, rows, needs.onFailure);
  };
}

async function* mismatchRows(mismatches: AsyncGenerator<DistrictMismatch>) {
  yield districtMismatchHeader;
  for await (const mismatch of mismatches) yield districtMismatchRow(mismatch);
}

const sendTemplateFile: DistrictHandler = async (request: Request, response: Response, context) => {
  const kind = templateOf(request);
  if (kind === undefined) return sendNotFound(request, response);
  await context.note('template_read', { kind });
  return sendTemplate(response, kind);
};

function showTrail({ auditLog }: DistrictPagesNeeds): DistrictHandler {
  return async (_request, response, context) => {
    await context.note('district_page_read', { page: 'trail' });
    const entries = await auditLog.list(context.district.id, maxEntries);
    sendStaffPage(response, 200, h(ActivityPage, { context, entries }));
  };
}
