// The search of support for failed sign-ins, as JSON and as pages at the same URLs: the newest, the list, the two
// searches.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import type { District } from '../../district/district.ts';
import { isDistrictId } from '../../district/read-district.ts';
import { wallTime } from '../../district/time-zone.ts';
import { isMisheard } from '../../outcome/reference.ts';
import { describeAttempt } from '../../support/attempt-document.ts';
import { exportAttempts } from '../../support/attempt-export.ts';
import { isSearchCursor } from '../../support/attempt-index.ts';
import { stateOf } from '../../support/attempt-state.ts';
import { describeFoundInRosters } from '../../support/person-history.ts';
import type { FoundAttempts } from '../../support/search-attempts.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import { readProtocolParameters } from '../kit/protocol-parameters.ts';
import { readJson } from '../kit/read-body.ts';
import { createRouter } from '../kit/router.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { sendCsv } from '../kit/send-stream.ts';
import { sendMisheard } from './attempt-routes.ts';
import { ListPage, ResultPage, SupportHome } from './pages/support-pages.tsx';
import { findDistrictByWords, readFilters, takeDistrict } from './read-filters.ts';
import { readJsonSearch, readSearch, type Search, understand, type WrongFields } from './read-search.ts';
import { readZone } from './read-when.ts';
import { sendSupportDeadEnd, sendSupportPage, zoneCookie, zoneOf } from './send-support-page.ts';
import { fieldOf, formOf, reasonOf, type Visitor, type VisitorHandler, wantsPage } from './staff-access.ts';
import { type DistrictSuggestion, suggestDistricts } from './suggest-districts.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createSearchRoutes(needs: SupportRoutesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.get('/support', access('support', showNewest(needs)));
  router.get('/support/attempts', access('support', listByFilters(needs)));
  router.get('/support/attempts.csv', access('support', exportByFilters(needs)));
  router.post('/support/attempts/search', access('support', searchByJson(needs)));
  router.post('/support/search', access('support', searchByText(needs)));
  router.post('/support/zone', access('support', chooseZone));
  return router;
}

const homeIncidents = 5;
const zoneSeconds = 365 * 86_400;

function showNewest(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { session }) => {
    const filter = { from: needs.clock() - 86_400_000 };
    const found = await needs.searchAttempts({ filter, limit: 20 });
    const items = describeItems(found);
    if (!wantsPage(request, response)) return sendJson(response, { attempts: items, cursor: null });
    const [{ incidents }, districts, today] = await Promise.all([
      needs.incidents.list({ state: 'open' }, undefined, homeIncidents),
      needs.districts.list(),
      needs.counts.readAllToday(),
    ]);
    const names = new Map(districts.map(({ id, name }) => [id, name]));
    return sendSupportPage(response, 200, h(SupportHome, { session, items, incidents, names, today }));
  };
}

const filterNames = ['district', 'code', 'from', 'to', 'state', 'group'] as const;

/** The filters of the URL; undefined if they identify a user, or the query is invalid. */
async function readListQuery(needs: SupportRoutesNeeds, request: Request, isPage: boolean) {
  const query = readProtocolParameters(request);
  // A user's address in a URL would get into logs and histories: such searches are posted.
  const isPrivate = ['email', 'clever_id', 'account', 'sis_id', 'reference'].some((name) => query?.has(name));
  if (query === undefined || isPrivate) return undefined;
  const fields = Object.fromEntries(query);
  // Programs identify a district by its id.
  const named =
    isPage && fields['district'] ? await findDistrictByWords(fields['district'], needs.districts) : undefined;
  if (named !== undefined) fields['district'] = named.id;
  const zone = zoneOf(request, named);
  const filters = Object.fromEntries(filterNames.map((name) => [name, fields[name] ?? ''])) as Filters;
  return {
    filters,
    zone,
    district: named,
    search: readSearch(fields, isPage ? { zone, now: needs.clock() } : undefined),
  };
}

const noPerson = ['a person, which is searched by POST,'];

function listByFilters(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const isPage = wantsPage(request, response);
    const asked = await readListQuery(needs, request, isPage);
    if (asked === undefined) return malformed(request, response, noPerson);
    const { filters, search, zone, district } = asked;
    if (!isPage) {
      if ('wrong' in search) return malformed(request, response, search.wrong);
      const { items, cursor, isUnknown } = await find(needs, search, visitor, undefined);
      return sendJson(response, { attempts: items, cursor: cursor ?? null, ...districtIs(isUnknown) });
    }
    const form = { session: visitor.session, zone };
    if ('wrong' in search) {
      const nothing = { items: [], next: undefined, csv: undefined, count: undefined };
      const isNoDistrict = filters.district !== '' && district === undefined;
      const wrong = [...search.wrong, ...(isNoDistrict ? ['district'] : [])];
      const suggested = isNoDistrict ? await suggestFilters(needs, filters) : [];
      return sendSupportPage(response, 400, h(ListPage, { ...form, ...nothing, filters, wrong, suggested }));
    }
    const { items, cursor, isUnknown, total } = await find(needs, search, visitor, undefined);
    const count = total ?? (search.state === undefined ? await countOf(needs, search) : undefined);
    const next = cursor && `/support/attempts?${new URLSearchParams({ ...filters, cursor })}`;
    const csv =
      items.length === 0 || search.state === 'mended'
        ? undefined
        : `/support/attempts.csv?${new URLSearchParams({ ...filters })}`;
    const wrong = isUnknown ? ['district'] : [];
    const suggested = isUnknown ? await suggestFilters(needs, filters) : [];
    // In the format of a date picker, whatever was typed.
    const shown = { ...filters, from: pickerTime(search.filter.from, zone), to: pickerTime(search.filter.to, zone) };
    const page = h(ListPage, { ...form, filters: shown, wrong, suggested, items, next, csv, count });
    return sendSupportPage(response, 200, page, district);
  };
}

/** The list with each district that the unknown one may mean. */
async function suggestFilters({ districts }: SupportRoutesNeeds, filters: Filters) {
  const suggested = await suggestDistricts(filters.district, districts);
  return suggested.map(({ district }) => ({
    district,
    href: `/support/attempts?${new URLSearchParams({ ...filters, district: district.id })}`,
  }));
}

/** The list as a file: all of its pages, without mended attempts. */
function exportByFilters(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { by, session }) => {
    const asked = await readListQuery(needs, request, session !== undefined);
    if (asked === undefined) return malformed(request, response, noPerson);
    const { search, zone } = asked;
    if ('wrong' in search) return malformed(request, response, search.wrong);
    const { district } = search.filter;
    const why = reasonOf(request) ?? (search.by.length === 0 ? 'all of it' : `by ${search.by.join(', ')}`);
    const facts = district === undefined ? {} : { district };
    await needs.staffAuditLog.record({ action: 'attempts_exported', at: needs.clock(), by, why, ...facts });
    const name = `${district !== undefined && isDistrictId(district) ? `${district}-` : ''}failed-sign-ins.csv`;
    return sendCsv(response, name, exportAttempts(needs, search, zone), needs.onFailure);
  };
}

type Filters = Readonly<Record<(typeof filterNames)[number], string>>;

const pickerTime = (at: number | undefined, zone: string) => (at === undefined ? '' : wallTime(at, zone));

/** Maximum that is counted. */
const maxCounted = 10_000;

async function countOf({ attempts }: SupportRoutesNeeds, { filter }: Search) {
  const counted = await attempts.count(filter, maxCounted);
  return { attempts: counted, isCut: counted >= maxCounted };
}

function searchByJson(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const given: unknown = await readJson(request, response);
    if (isMisheard(String(Object(given).reference ?? ''))) return sendMisheard(request, response);
    const search = readJsonSearch(given);
    if ('wrong' in search) return malformed(request, response, search.wrong);
    const { items, cursor, isUnknown, rosters } = await find(needs, search, visitor, reasonOf(request));
    return sendJson(response, { attempts: items, cursor: cursor ?? null, ...districtIs(isUnknown), ...rosters });
  };
}

/** The search box: filters lead to the list, one user or one attempt to its page. */
function searchByText(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const q = formOf(request)['q'];
    const time = { zoneOf: (district?: District) => zoneOf(request, district), now: needs.clock() };
    const filters = typeof q === 'string' && q.length <= 400 ? await readFilters(q, needs.districts, time) : undefined;
    // They identify no user, so they may be part of a URL, where they can be edited.
    if (filters !== undefined) return redirect(response, `/support/attempts?${new URLSearchParams({ ...filters })}`);
    const given = fieldOf(request, 'cursor');
    if (typeof q !== 'string' || q.trim() === '' || q.length > 400 || (given !== undefined && !isSearchCursor(given)))
      return sendSupportDeadEnd(response, 'malformed');
    const why = reasonOf(request);
    const { search, found } = await findFirst(needs, q, visitor, why, given);
    const { items, cursor, rosters } = found;
    const [only] = items;
    const [person, second] = rosters?.people ?? [];
    const page =
      search.reference === undefined
        ? second === undefined && person?.person
        : only && `/support/attempts/${only.reference}`;
    if (page) return redirect(response, page);
    const isNothing = only === undefined && person === undefined;
    const isWrong = isNothing && mayBeMisheard(q);
    const suggested: readonly DistrictSuggestion[] = isNothing ? await suggestDistricts(q, needs.districts) : [];
    const result = { session: visitor.session, items, q, why, cursor, rosters, suggested, isMisheard: isWrong };
    return sendSupportPage(response, isWrong ? 400 : 200, h(ResultPage, result));
  };
}

/** Excludes a name of nine letters and an id of nine digits. */
const mayBeMisheard = (q: string): boolean =>
  isMisheard(q) && ((/\d/.test(q) && /[a-z]/i.test(q)) || /^\w{4}-\w{4}-\w$/.test(q.trim()));

/** Tries the meanings of the text, most certain first, until one has a result. A district in it narrows the search. */
async function findFirst(
  needs: SupportRoutesNeeds,
  q: string,
  visitor: Visitor,
  why: string | undefined,
  cursor: string | undefined,
) {
  const { person, district } = await takeDistrict(q, needs.districts);
  const isFew = district !== undefined || (await needs.districts.list()).length <= maxDistrictsForName;
  const searches = understand(person, district?.id).filter(({ by }) => isFew || !by.includes('name'));
  const [first = { filter: {}, by: [] }] = searches;
  let search = first;
  let result = await needs.searchAttempts({ ...first, cursor });
  for (const next of searches.slice(1)) {
    if (result.attempts.length > 0 || (result.rosters?.people ?? []).length > 0) break;
    search = next;
    result = await needs.searchAttempts({ ...next, cursor });
  }
  return { search, found: await record(needs, search, result, visitor, why) };
}

/** With more districts than this, a search by name requires a district. */
const maxDistrictsForName = 200;

const find = async (needs: SupportRoutesNeeds, search: Search, visitor: Visitor, why: string | undefined) =>
  record(needs, search, await needs.searchAttempts(search), visitor, why);

/** Records the reading of a user's data, and describes what was found. */
async function record(
  needs: SupportRoutesNeeds,
  search: Search,
  result: FoundAttempts,
  visitor: Visitor,
  why: string | undefined,
) {
  const { attempts: found, cursor, rosters, total } = result;
  // A search by a user's address or id counts as reading that user's data, found or not.
  if (search.by.some((name) => ['reference', 'email', 'clever_id', 'account', 'sis_id', 'name'].includes(name))) {
    const accounts = rosters?.people.map(({ account }) => account.accountId) ?? [];
    await needs.staffAuditLog.record({
      action: 'attempts_searched',
      at: needs.clock(),
      by: visitor.by,
      found: found.length,
      why: why ?? `by ${search.by.join(', ')}`,
      references: found.map((attempt) => attempt.reference).join(' '),
      ...(accounts.length === 0 ? {} : { accounts: accounts.join(' ') }),
    });
  }
  const { district } = search.filter;
  const isUnknown = found.length === 0 && district !== undefined && (await isNoDistrict(needs, district));
  return {
    items: describeItems(result),
    cursor,
    isUnknown,
    total,
    rosters: rosters && describeFoundInRosters(rosters),
  };
}

const describeItems = ({ attempts, states, tries }: FoundAttempts) =>
  attempts.map((attempt) => {
    const own = tries?.get(attempt.reference);
    const grouped = own && { tries: own.count, first_at: new Date(own.firstAt).toISOString() };
    return { ...describeAttempt(attempt, stateOf(attempt, states)), ...grouped };
  });

const isNoDistrict = async ({ districts }: SupportRoutesNeeds, id: string) =>
  !isDistrictId(id) || (await districts.find(id)) === undefined;

const districtIs = (isUnknown: boolean) => (isUnknown ? { unknown_district: true } : {});

/** Stores the zone for a year and returns to the page. */
const chooseZone: VisitorHandler = (request, response) => {
  const zone = readZone(fieldOf(request, 'zone')) ?? 'UTC';
  response.cookie(zoneCookie, zone, {
    httpOnly: true,
    secure: request.secure,
    sameSite: 'lax',
    path: '/',
    maxAge: zoneSeconds * 1000,
  });
  const path = fieldOf(request, 'return_to') ?? '';
  redirect(response, /^\/support(?:[/?][\x21-\x7e]*)?$/.test(path) ? path : '/support');
};

const redirect = (response: Response, address: string) => sendRedirect(response, 303, address);

function malformed(request: Request, response: Response, wrong: WrongFields['wrong']): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'malformed');
  else
    sendApiProblem(
      response,
      'malformed_request',
      `Not in its form: ${wrong.join(', ')}. Times are ISO 8601 with their zone.`,
    );
}
