// Districts for support: how the day goes, and what may be done, each with its reason in the trail.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import { isAccountId, methods } from '../../roster/account.ts';
import type { District } from '../../roster/district.ts';
import { isDistrictId } from '../../roster/read-district.ts';
import { describeDistrict } from '../../roster/roster-documents.ts';
import { rosterValues } from '../../support/attempt-case.ts';
import { readDistrictDay, readOpenMismatches } from '../../support/district-day.ts';
import type { StaffTrailEntry } from '../../support/staff-trail.ts';
import { sendApiProblem } from '../api-problem.ts';
import { createRouter } from '../create-router.ts';
import { problemOf } from '../problems.ts';
import { readProtocolParameters } from '../protocol-parameters.ts';
import { idOf } from '../roster/find-district.ts';
import { sendJson } from '../send-json.ts';
import { sendRedirect } from '../send-redirect.ts';
import { describeDesk } from './district-document.ts';
import { mismatchHeader, mismatchRow } from './mismatch-csv.ts';
import { DistrictPage, DistrictsPage } from './pages/district-pages.tsx';
import { TrailPage } from './pages/trail-page.tsx';
import { sendSupportDeadEnd, sendSupportPage } from './send-support-page.ts';
import { fieldOf, reasonOf, type Visitor, wantsPage } from './staff-access.ts';
import { describeStaffEntry, namesOf } from './staff-entry-document.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createDistrictDeskRoutes(needs: SupportRoutesNeeds): Router {
  const { access, attempts, resolve, staffTrail, districts, releaseLinks, endSessionsBecause, clock, onRefused } =
    needs;
  const router = createRouter();

  async function find(request: Request, response: Response): Promise<District | undefined> {
    const id = idOf(request);
    const district = isDistrictId(id) ? await districts.find(id) : undefined;
    if (district !== undefined) return district;
    if (wantsPage(request, response)) sendSupportDeadEnd(response, 'not-found');
    else sendApiProblem(response, 'district_unknown', 'No district of ours has this id.');
    return undefined;
  }

  const note = (visitor: Visitor, action: StaffTrailEntry['action'], why: string, facts: Record<string, string>) =>
    staffTrail.record({ action, at: clock(), by: visitor.by, why, ...facts });

  router.get(
    '/support/districts',
    access('support', async (request, response, { session }) => {
      const found = await districts.list();
      if (!wantsPage(request, response)) return sendJson(response, { districts: found.map(describeDistrict) });
      sendSupportPage(response, 200, h(DistrictsPage, { session, districts: found }));
    }),
  );

  router.get(
    '/support/districts/:id',
    access('support', async (request, response, { session }) => {
      const district = await find(request, response);
      if (district === undefined) return;
      const [state, day] = await Promise.all([
        needs.readRosterState(district),
        readDistrictDay(attempts, district.id, clock()),
      ]);
      if (!wantsPage(request, response)) return sendJson(response, describeDesk(state, day));
      sendSupportPage(response, 200, h(DistrictPage, { session, state, day }));
    }),
  );

  router.get(
    '/support/districts/:id/mismatches.csv',
    access('support', async (request, response, visitor) => {
      const district = await find(request, response);
      if (district === undefined) return;
      await note(visitor, 'mismatches_exported', reasonOf(request) ?? 'for the district', { district: district.id });
      response.set({
        'Cache-Control': 'no-store',
        'Content-Disposition': `attachment; filename="${district.id}-open-mismatches.csv"`,
      });
      response.type('text/csv');
      const csv = needs.writeCsv(rows(district));
      csv.on('error', () => response.destroy());
      csv.pipe(response);
    }),
  );

  async function* rows(district: District) {
    yield mismatchHeader;
    for await (const attempt of readOpenMismatches(attempts, resolve, district.id)) {
      if (problemOf(attempt.code).owner === 'district')
        yield mismatchRow({ attempt, roster: rosterValues(attempt, undefined), district });
    }
  }

  router.post(
    '/support/districts/:id/links/release',
    access('support', async (request, response, visitor) => {
      const district = await find(request, response);
      const [account, all, reason] = [fieldOf(request, 'account'), fieldOf(request, 'all'), fieldOf(request, 'reason')];
      if (district === undefined) return;
      if (reason === undefined || (account === undefined) === (all === undefined)) return malformed(request, response);
      // A store takes no name that no account can have.
      if (account !== undefined && !isAccountId(account)) return malformed(request, response);
      if (all !== undefined && visitor.scope !== 'admin') {
        onRefused({ who: visitor.session === undefined ? 'program' : 'staff', reason: 'scope', needs: 'admin' });
        if (wantsPage(request, response)) return sendSupportDeadEnd(response, 'not-admin');
        return sendApiProblem(response, 'insufficient_scope', 'This needs scope admin.');
      }
      const said = { by: visitor.by, reason };
      if (account === undefined) await releaseLinks.ofDistrict(district.id, said);
      else if (!(await releaseLinks.ofAccount(district.id, account, said)))
        return refused(request, response, 'not_linked');
      done(request, response, district);
    }),
  );

  router.post(
    '/support/districts/:id/sessions/end',
    access('support', async (request, response, visitor) => {
      const district = await find(request, response);
      const [account, reason] = [fieldOf(request, 'account'), fieldOf(request, 'reason')];
      if (district === undefined) return;
      if (reason === undefined || account === undefined || !isAccountId(account)) return malformed(request, response);
      if (!(await endSessionsBecause(district.id, account, { by: visitor.by, reason })))
        return refused(request, response, 'account_unknown');
      done(request, response, district);
    }),
  );

  for (const verb of ['approve', 'rollback'] as const) {
    router.post(
      `/support/districts/:id/rosters/:method/${verb}`,
      access('admin', async (request, response, visitor) => {
        const district = await find(request, response);
        const method = methods.find((each) => each === request.params['method']);
        const reason = fieldOf(request, 'reason');
        if (district === undefined) return;
        if (method === undefined || reason === undefined) return malformed(request, response);
        const result = await needs.recordedPublisher[verb](district.id, method, visitor.by, reason);
        if (result.kind === 'refused') return refused(request, response, result.code);
        done(request, response, district);
      }),
    );
  }

  router.get(
    '/support/trail',
    access('admin', async (request, response, { session }) => {
      const given = readProtocolParameters(request)?.get('cursor');
      const { entries, cursor } = await staffTrail.page(200, given ?? undefined);
      const names = namesOf(await needs.credentials.list());
      if (!wantsPage(request, response)) {
        const documents = entries.map((entry) => describeStaffEntry(entry, names));
        return sendJson(response, { entries: documents, cursor: cursor ?? null });
      }
      const next = cursor && `/support/trail?${new URLSearchParams({ cursor })}`;
      sendSupportPage(response, 200, h(TrailPage, { session, entries, names, next }));
    }),
  );

  return router;
}

function done(request: Request, response: Response, { id }: District): void {
  if (!wantsPage(request, response)) return void sendJson(response, { district: id, result: 'done' });
  const reference = fieldOf(request, 'reference');
  const back = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(reference ?? '') ? `attempts/${reference}` : `districts/${id}`;
  sendRedirect(response, 303, `/support/${back}`);
}

function malformed(request: Request, response: Response): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'malformed');
  else sendApiProblem(response, 'malformed_request', 'A form with reason, and what it is about, is needed.');
}

function refused(request: Request, response: Response, code: Parameters<typeof sendApiProblem>[1]): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, code === 'account_unknown' ? 'not-found' : 'refused');
  else sendApiProblem(response, code, 'Nothing was done.');
}
