// Read-only district pages for support: the list, the current day, open mismatches.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import type { District } from '../../district/district.ts';
import { isDistrictId } from '../../district/read-district.ts';
import { outcomeCodes } from '../../outcome/outcome-codes.ts';
import { describeDistrict } from '../../roster/roster-documents.ts';
import { describeSupport, describeToday, readDistrictDay } from '../../support/district-day.ts';
import { mismatchHeader, mismatchRow } from '../../support/district-message.ts';
import type { DistrictToday } from '../../support/sign-in-counts.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import { readProtocolParameters } from '../kit/protocol-parameters.ts';
import { createRouter, idOf } from '../kit/router.ts';
import { sendCsv } from '../kit/send-stream.ts';
import { DistrictPage, DistrictsPage } from './pages/district-pages.tsx';
import { byFailures } from './pages/today.tsx';
import { sendSupportDeadEnd, sendSupportPage } from './send-support-page.ts';
import { reasonOf, type VisitorHandler, wantsPage } from './staff-access.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createDistrictSupportRoutes(needs: SupportRoutesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.get('/support/districts', access('support', listDistricts(needs)));
  router.get('/support/districts/:id', access('support', showDistrict(needs)));
  router.get('/support/districts/:id/mismatches.csv', access('support', exportMismatches(needs)));
  return router;
}

/** Undefined if there is none, after sending a response. */
export async function findSupportDistrict(
  { districts }: SupportRoutesNeeds,
  request: Request,
  response: Response,
): Promise<District | undefined> {
  const id = idOf(request);
  const district = isDistrictId(id) ? await districts.find(id) : undefined;
  if (district !== undefined) return district;
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'not-found');
  else sendApiProblem(response, 'district_unknown', 'No district of ours has this id.');
  return undefined;
}

/** Rows per page. */
const districtsAtOnce = 100;
const orders = ['name', 'failures'] as const;

function listDistricts({ districts, counts }: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { session }) => {
    const found = await districts.list();
    if (!wantsPage(request, response)) {
      const today = new Map((await counts.readAllToday()).map((each) => [each.district, each]));
      return sendJson(response, { districts: found.map((each) => describeWithToday(each, today.get(each.id))) });
    }
    const query = readProtocolParameters(request, ['order', 'page']);
    const order = orders.find((each) => each === query?.get('order')) ?? 'name';
    const last = Math.max(1, Math.ceil(found.length / districtsAtOnce));
    const page = Math.min(last, Math.max(1, Number(/^\d{1,4}$/.exec(query?.get('page') ?? '')?.[0] ?? 1)));
    const from = (page - 1) * districtsAtOnce;
    const pageOf = (all: readonly District[]) => all.slice(from, from + districtsAtOnce);
    const all = order === 'failures' ? await counts.readAllToday() : undefined;
    const shown = pageOf(all === undefined ? found : byFailuresToday(found, all));
    const today = all === undefined ? await counts.readToday(shown.map(({ id }) => id)) : byDistrict(all);
    const paging = { page, last, total: found.length, order };
    return sendSupportPage(response, 200, h(DistrictsPage, { session, districts: shown, today, paging }));
  };
}

const describeWithToday = (district: District, today: DistrictToday | undefined) => ({
  ...describeDistrict(district),
  today: today === undefined ? null : describeToday(today),
});

const byDistrict = (today: readonly DistrictToday[]) => new Map(today.map((each) => [each.district, each]));

/** Districts without attempts come last, by name. */
function byFailuresToday(districts: readonly District[], today: readonly DistrictToday[]): District[] {
  const order = new Map(today.toSorted(byFailures).map(({ district }, index) => [district, index]));
  const placeOf = ({ id }: District) => order.get(id) ?? order.size;
  return districts.toSorted((one, other) => placeOf(one) - placeOf(other));
}

function showDistrict(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { session }) => {
    const district = await findSupportDistrict(needs, request, response);
    if (district === undefined) return undefined;
    await needs.counts.flush(district.id);
    const [state, counts, today] = await Promise.all([
      needs.readRosterState(district),
      needs.counts.read(district.id),
      needs.counts.readToday([district.id]),
    ]);
    const day = readDistrictDay(counts, needs.clock());
    const own = today.get(district.id);
    if (!wantsPage(request, response)) return sendJson(response, describeSupport(state, day, own));
    const waits = needs.staffActions.hasFourEyes;
    return sendSupportPage(response, 200, h(DistrictPage, { session, state, day, today: own, waits }), district);
  };
}

function exportMismatches(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { by }) => {
    const district = await findSupportDistrict(needs, request, response);
    if (district === undefined) return;
    const why = reasonOf(request) ?? 'for the district';
    const entry = { action: 'mismatches_exported', at: needs.clock(), by, why, district: district.id } as const;
    await needs.staffAuditLog.record(entry);
    await sendCsv(response, `${district.id}-open-mismatches.csv`, mismatchRows(needs, district), needs.onFailure);
  };
}

async function* mismatchRows({ readMismatches }: SupportRoutesNeeds, district: District) {
  yield mismatchHeader;
  for await (const mismatch of readMismatches(district, undefined)) {
    if (outcomeCodes[mismatch.attempt.code].owner === 'district') yield mismatchRow({ ...mismatch, district });
  }
}
