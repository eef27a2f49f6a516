// Failed sign-ins for support, as JSON and as pages from the same addresses: the list, the search, one attempt, its person.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import { isAccountId } from '../../roster/account.ts';
import { isDistrictId } from '../../roster/read-district.ts';
import type { Attempt } from '../../support/attempt.ts';
import { findDistrictOf } from '../../support/attempt-case.ts';
import type { PersonKey } from '../../support/person-history.ts';
import { readReference, showReference } from '../../support/reference.ts';
import { sendApiProblem } from '../api-problem.ts';
import { createRouter } from '../create-router.ts';
import { readProtocolParameters } from '../protocol-parameters.ts';
import { readJson } from '../read-json.ts';
import { sendJson } from '../send-json.ts';
import { sendRedirect } from '../send-redirect.ts';
import { describeAttempt, describeCase } from './attempt-document.ts';
import { CasePage } from './pages/case-page.tsx';
import { DeskHome, ListPage, ResultPage } from './pages/desk-pages.tsx';
import { PersonPage } from './pages/person-page.tsx';
import { describeFoundInRosters, describePerson, failuresOf } from './person-document.ts';
import { readFilters } from './read-filters.ts';
import { readJsonSearch, readSearch, type Search, understand } from './read-search.ts';
import { sendSupportDeadEnd, sendSupportPage } from './send-support-page.ts';
import { fieldOf, formOf, reasonOf, type Visitor, wantsPage } from './staff-access.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createAttemptRoutes(needs: SupportRoutesNeeds): Router {
  const { access, attempts, searchAttempts, resolve, openCase, readPersonHistory, staffTrail, clock } = needs;
  const router = createRouter();

  async function describe(found: readonly Attempt[]) {
    const resolved = await resolve(found);
    return found.map((attempt) => describeAttempt(attempt, resolved.get(attempt.reference)));
  }

  /** Recorded before it is answered: what cannot be recorded is not shown. */
  const note = (visitor: Visitor, action: 'attempt_read' | 'person_read', why: string, facts: Record<string, string>) =>
    staffTrail.record({ action, at: clock(), by: visitor.by, why, ...facts });

  const isNoDistrict = async (id: string) => !isDistrictId(id) || (await needs.districts.find(id)) === undefined;

  async function find(search: Search, visitor: Visitor, why: string | undefined) {
    const { attempts: found, cursor, rosters } = await searchAttempts(search);
    // By a person's address or id it is a look at that person, found or not.
    if (search.by.some((name) => ['reference', 'email', 'clever_id', 'account'].includes(name))) {
      const accounts = rosters?.people.map(({ account }) => account.accountId) ?? [];
      await staffTrail.record({
        ...{ action: 'attempts_searched', at: clock(), by: visitor.by, found: found.length },
        why: why ?? `by ${search.by.join(', ')}`,
        references: found.map((attempt) => attempt.reference).join(' '),
        ...(accounts.length === 0 ? {} : { accounts: accounts.join(' ') }),
      });
    }
    const { district } = search.filter;
    const isUnknown = found.length === 0 && district !== undefined && (await isNoDistrict(district));
    return { items: await describe(found), cursor, isUnknown, rosters: rosters && describeFoundInRosters(rosters) };
  }

  async function sendPerson(request: Request, response: Response, { session }: Visitor, key: PersonKey) {
    const history = await readPersonHistory(key);
    if (wantsPage(request, response)) return sendSupportPage(response, 200, h(PersonPage, { session, history }));
    return sendJson(response, describePerson(history, await resolve(failuresOf(history))));
  }

  router.get(
    '/support',
    access('support', async (request, response, visitor) => {
      const { attempts: newest } = await attempts.search({ from: clock() - 86_400_000 }, undefined, 20);
      const items = await describe(newest);
      if (!wantsPage(request, response)) return sendJson(response, { attempts: items, cursor: null });
      sendSupportPage(response, 200, h(DeskHome, { session: visitor.session, items }));
    }),
  );

  router.get(
    '/support/attempts',
    access('support', async (request, response, visitor) => {
      const query = readProtocolParameters(request);
      const asked = Object.fromEntries(query ?? []);
      // An address in a URL ends in logs and histories: those are posted.
      const isPrivate = ['email', 'clever_id', 'account', 'reference'].some((name) => query?.has(name));
      const search = query === undefined || isPrivate ? undefined : readSearch(asked);
      if (search === undefined) return malformed(request, response);
      const { items, cursor, isUnknown } = await find(search, visitor, undefined);
      if (!wantsPage(request, response))
        return sendJson(response, { attempts: items, cursor: cursor ?? null, ...districtIs(isUnknown) });
      const text = (name: string) => query?.get(name) ?? '';
      const filters = { district: text('district'), code: text('code'), from: text('from'), to: text('to') };
      const next = cursor && `/support/attempts?${new URLSearchParams({ ...filters, cursor })}`;
      sendSupportPage(
        response,
        200,
        h(ListPage, { session: visitor.session, items, filters, next, isDistrictUnknown: isUnknown }),
      );
    }),
  );

  router.post(
    '/support/attempts/search',
    access('support', async (request, response, visitor) => {
      const search = readJsonSearch(await readJson(request, response));
      if (search === undefined) return malformed(request, response);
      const { items, cursor, isUnknown, rosters } = await find(search, visitor, reasonOf(request));
      sendJson(response, { attempts: items, cursor: cursor ?? null, ...districtIs(isUnknown), ...rosters });
    }),
  );

  router.post(
    '/support/search',
    access('support', async (request, response, visitor) => {
      const q = formOf(request)['q'];
      const filters = typeof q === 'string' && q.length <= 400 ? await readFilters(q, needs.districts) : undefined;
      // They say nothing of a person, so they may stand in an address, where they can be changed.
      if (filters !== undefined) return redirect(response, `/support/attempts?${new URLSearchParams({ ...filters })}`);
      const asked = typeof q === 'string' && q.trim() !== '' ? understand(q) : undefined;
      const search = asked && readSearch({ ...asked, cursor: fieldOf(request, 'cursor') });
      if (typeof q !== 'string' || search === undefined) return sendSupportDeadEnd(response, 'malformed');
      const why = reasonOf(request);
      const { items, cursor, rosters } = await find(search, visitor, why);
      const [only] = items;
      const [person, second] = rosters?.people ?? [];
      const page =
        search.reference === undefined
          ? second === undefined && person?.person
          : only && `/support/attempts/${only.reference}`;
      if (page) return redirect(response, page);
      sendSupportPage(response, 200, h(ResultPage, { session: visitor.session, items, q, why, cursor, rosters }));
    }),
  );

  async function findAttempt(request: Request, response: Response): Promise<Attempt | undefined> {
    const reference = readReference(String(request.params['reference'] ?? ''));
    const attempt = reference === undefined ? undefined : await attempts.find(reference);
    if (attempt === undefined) notFound(request, response);
    return attempt;
  }

  router.get(
    '/support/attempts/:reference',
    access('support', async (request, response, visitor) => {
      const attempt = await findAttempt(request, response);
      if (attempt === undefined) return;
      await note(visitor, 'attempt_read', reasonOf(request) ?? 'opened by reference', {
        reference: showReference(attempt.reference),
      });
      const found = await openCase(attempt);
      if (!wantsPage(request, response)) return sendJson(response, describeCase(found));
      sendSupportPage(response, 200, h(CasePage, { session: visitor.session, found }));
    }),
  );

  router.get(
    '/support/attempts/:reference/person',
    access('support', async (request, response, visitor) => {
      const attempt = await findAttempt(request, response);
      if (attempt === undefined) return;
      const district = await findDistrictOf(needs.districts, attempt);
      if (district === undefined || attempt.clever?.clever_id === undefined) return notFound(request, response);
      const reference = showReference(attempt.reference);
      await note(visitor, 'person_read', reasonOf(request) ?? 'opened from an attempt', { reference });
      await sendPerson(request, response, visitor, { district: district.id, cleverId: attempt.clever.clever_id });
    }),
  );

  router.get(
    '/support/districts/:id/accounts/:account',
    access('support', async (request, response, visitor) => {
      const [id, account] = [String(request.params['id']), String(request.params['account'])];
      const district = isDistrictId(id) ? await needs.districts.find(id) : undefined;
      if (district === undefined || !isAccountId(account)) return notFound(request, response);
      await note(visitor, 'person_read', reasonOf(request) ?? 'opened by account', { district: id, account });
      await sendPerson(request, response, visitor, { district: id, account });
    }),
  );

  return router;
}

const districtIs = (isUnknown: boolean) => (isUnknown ? { unknown_district: true } : {});

const redirect = (response: Response, address: string) => sendRedirect(response, 303, address);

function malformed(request: Request, response: Response): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'malformed');
  else
    sendApiProblem(
      response,
      'malformed_request',
      'Filters are texts of the names we know; times are ISO 8601; persons are searched by POST.',
    );
}

function notFound(request: Request, response: Response): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'not-found');
  else sendApiProblem(response, 'attempt_unknown', 'It may have been forgotten: attempts are kept for a limited time.');
}
