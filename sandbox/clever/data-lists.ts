// The lists and records of the Data API that a district token reaches, paged as Clever pages them and kept to Clever's
// rate. A person's own token has its three addresses in data-api.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { DataLists, Listing } from './data-listing.ts';
import type { DataTokens } from './data-tokens.ts';
import type { District } from './person.ts';
import {
  courseRecordOf,
  type DistrictMood,
  districtRecordOf,
  schoolRecordOf,
  sectionRecordOf,
  termRecordOf,
  userRecordOf,
} from './records.ts';
import type { Switches } from './switches.ts';

export interface DataListParts {
  readonly tokens: DataTokens;
  readonly switches: Switches;
  readonly listsOf: (district: District, asOf: 'last-night' | 'now') => DataLists;
  /** Aborts waiting when the sandbox ends. */
  readonly closing: AbortSignal;
}

interface Asked {
  readonly req: Request;
  readonly res: Response;
  readonly district: District;
  readonly lists: DataLists;
  readonly version: string;
}

type Settings = ReturnType<Switches['current']>['dataApi'];

/** Passes a request on whose bearer token is no district's. */
export function createDataLists(parts: DataListParts): Router {
  // A list: each path of the Data API with its answer.
  const router = Router();
  const limit = createRateLimit();
  const faults = createPageFaults(parts);
  const on = (path: string, answer: (asked: Asked) => void | Promise<void>) =>
    router.get(`/:version${path}`, forDistrict(parts, limit, answer));
  const pages =
    <Item>(listing: (asked: Asked) => Listing<Item>, record: (item: Item, asked: Asked) => object) =>
    async (asked: Asked) => {
      const { loop, settings } = faults.next();
      if (!faults.answer(asked.res, settings)) sendPage(asked, listing(asked), (item) => record(item, asked), loop);
    };
  const one = (find: (asked: Asked, id: string) => object | undefined) => async (asked: Asked) => {
    const ms = parts.switches.current().dataApi?.slowRecordMs;
    if (ms) await sleep(ms, undefined, { signal: parts.closing }).catch(() => undefined);
    const found = find(asked, String(asked.req.params['id']));
    if (found === undefined) asked.res.status(404).json({ message: 'Resource not found' });
    else asked.res.json(found);
  };
  const mood = () => moodOf(parts.switches.current().dataApi?.state);

  on('/districts', ({ res, district, version }) => {
    res.json({
      data: [districtRecordOf(district, version, mood())],
      links: [{ rel: 'self', uri: `/${version}/districts` }],
    });
  });
  on(
    '/districts/:id',
    one(({ district, version }, id) => (district.id === id ? districtRecordOf(district, version, mood()) : undefined)),
  );
  on(
    '/schools',
    pages(
      ({ lists }) => lists.schools,
      (school, { district }) => schoolRecordOf(school, district),
    ),
  );
  on(
    '/schools/:id',
    one(({ lists, district }, id) => found(lists.schools, id, (school) => schoolRecordOf(school, district))),
  );
  on(
    '/courses',
    pages(
      ({ lists }) => lists.courses,
      (course, { district }) => courseRecordOf(course, district),
    ),
  );
  on(
    '/courses/:id',
    one(({ lists, district }, id) => found(lists.courses, id, (course) => courseRecordOf(course, district))),
  );
  on(
    '/terms',
    pages(
      ({ lists }) => lists.terms,
      (term, { district }) => termRecordOf(term, district),
    ),
  );
  on(
    '/terms/:id',
    one(({ lists, district }, id) => found(lists.terms, id, (term) => termRecordOf(term, district))),
  );
  on(
    '/sections',
    pages(
      ({ lists }) => lists.sections,
      (section, { district }) => sectionRecordOf(section, district),
    ),
  );
  on(
    '/sections/:id',
    one(({ lists, district }, id) => found(lists.sections, id, (section) => sectionRecordOf(section, district))),
  );
  on(
    '/users',
    pages(
      ({ lists, req }) => lists.users(text(req.query['role'])),
      (user, { version }) => userRecordOf(user, version),
    ),
  );
  on(
    '/users/:id',
    one(({ lists, version }, id) => {
      const user = lists.findUser(id);
      return user && userRecordOf(user, version);
    }),
  );
  return router;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function found<Item extends { readonly id: string }>(listing: Listing<Item>, id: string, show: (item: Item) => object) {
  const item = listing.at(listing.from(id));
  return item?.id === id ? show(item) : undefined;
}

function forDistrict(
  { tokens, switches, listsOf }: DataListParts,
  limit: ReturnType<typeof createRateLimit>,
  answer: (asked: Asked) => void | Promise<void>,
): RequestHandler {
  return async (req, res, next) => {
    const version = String(req.params['version']);
    const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
    const holder = tokens.find(token);
    if ((version !== 'v3.0' && version !== 'v3.1') || holder === undefined) return next();
    const settings = switches.current().dataApi;
    if (!limit(res, token, settings)) return;
    const mayReadAll = tokens.servesAll(holder.app) && settings?.noRights !== true;
    // Without Secure Sync a district token reaches district addresses only (dev.clever.com, district tokens).
    const isOfCourses = settings?.noCourses === true && /^\/v\d\.\d\/(courses|terms)(\/|$)/.test(req.path);
    if (isOfCourses) return refuseRight(res, settings.refusal);
    if (!mayReadAll && !/^\/v\d\.\d\/districts(\/|$)/.test(req.path)) return refuseRight(res, settings?.refusal);
    const lists = listsOf(holder.district, settings?.lists ?? 'last-night');
    await answer({ req, res, version, district: holder.district, lists });
  };
}

/** Clever documents 404 for the wrong type of token, no 403, and that some answers are no JSON (dev.clever.com, API errors). */
function refuseRight(res: Response, refusal: NonNullable<Settings>['refusal'] = '404'): void {
  const words = "Resource not in token's scopes";
  switch (refusal) {
    case '404':
    case '403':
      return void res.status(Number(refusal)).json({ message: words });
    case 'text':
      return void res.status(404).type('text').send(words);
    case 'html':
      return void res.status(404).type('html').send(`<!doctype html><title>Not found</title><h1>${words}</h1>`);
  }
}

function moodOf(state: NonNullable<Settings>['state'] | undefined): DistrictMood | undefined {
  if (state === undefined) return undefined;
  const pauses = { pause_start: '2026-06-20T00:00:00.000Z', pause_end: '2026-08-01T00:00:00.000Z' };
  const error = {
    paused: '',
    pending: 'The district has to approve changes in Clever.',
    error: 'Clever could not read the files.',
  };
  return { state, error: error[state], ...(state === 'paused' ? pauses : { pause_start: null, pause_end: null }) };
}

const defaultLimit = 100;
const highestLimit = 10_000;

/** Range paging by ascending id (dev.clever.com, pagination). A full page has a `next`, also where it leads to an empty one. */
function sendPage<Item>(
  { req, res }: Asked,
  listing: Listing<Item>,
  record: (item: Item) => object,
  loop: boolean,
): void {
  const limit = Number(text(req.query['limit']) ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1) return void res.status(400).json({ message: 'limit must be a number' });
  if (limit > highestLimit) return void res.status(413).json({ message: 'limit must not be above 10000' });
  const [after, before] = [text(req.query['starting_after']), text(req.query['ending_before'])];
  const end = before === undefined ? listing.length : listing.from(before);
  const start = after !== undefined ? listing.after(after) : before === undefined ? 0 : Math.max(0, end - limit);
  const data: { readonly data?: { readonly id?: string } }[] = [];
  for (let i = start; i < Math.min(end, start + limit); i += 1) {
    const item = listing.at(i);
    if (item !== undefined) data.push(record(item));
  }
  const link = (rel: string, changes: Record<string, string | undefined>) => ({ rel, uri: addressOf(req, changes) });
  const last = data.at(-1)?.data?.id;
  const first = data[0]?.data?.id;
  const next = loop ? {} : { starting_after: last };
  res.json({
    data,
    links: [
      { rel: 'self', uri: req.originalUrl },
      ...(data.length === limit && last !== undefined ? [link('next', next)] : []),
      ...(start > 0 && first !== undefined ? [link('prev', { ending_before: first })] : []),
    ],
  });
}

function addressOf(req: Request, changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const name of ['role', 'limit', 'count']) {
    const value = text(req.query[name]);
    if (value !== undefined) query.set(name, value);
  }
  for (const [name, value] of Object.entries(changes)) if (value !== undefined) query.set(name, value);
  return `${req.path}?${query}`;
}

/** A fixed window for each token (dev.clever.com, rate limiting); `rateHeaders` says which answers carry its headers. */
function createRateLimit() {
  const windows = new Map<string, { readonly endsAt: number; readonly requests: number; used: number }>();
  return (res: Response, token: string, settings: Settings): boolean => {
    const { rate = { requests: 1_200, seconds: 60 }, rateHeaders = 'always' } = settings ?? {};
    const now = Date.now();
    const known = windows.get(token);
    const isOpen = known !== undefined && known.endsAt > now && known.requests === rate.requests;
    const window = isOpen ? known : { endsAt: now + rate.seconds * 1000, requests: rate.requests, used: 0 };
    windows.set(token, window);
    window.used += 1;
    const isLimited = window.used > rate.requests;
    const reset = { 'X-Ratelimit-Reset': String(Math.ceil(window.endsAt / 1000)) };
    if (rateHeaders === 'always') {
      res.set({
        ...reset,
        'X-Ratelimit-Bucket': 'bearer',
        'X-Ratelimit-Limit': String(rate.requests),
        'X-Ratelimit-Remaining': String(Math.max(0, rate.requests - window.used)),
      });
    } else if (rateHeaders === 'limited' && isLimited) res.set(reset);
    if (!isLimited) return true;
    res.status(429).json({ message: 'Too many requests' });
    return false;
  };
}

/** What `dataApi` of the switches makes of a page; pages are counted from when the switch was set. */
function createPageFaults({ tokens, switches }: DataListParts) {
  let settings: Settings;
  let page = 0;
  return {
    next() {
      const current = switches.current().dataApi;
      page = current === settings ? page + 1 : 1;
      settings = current;
      return { settings: { ...current, page }, loop: current?.loop === true };
    },
    /** True if it has answered, other than by the page. */
    answer(
      res: Response,
      { page: at, rotateAtPage, cutPage, failFromPage, htmlFromPage }: NonNullable<Settings> & { page: number },
    ) {
      if (at === rotateAtPage) {
        tokens.rotate();
        refuseToken(res);
        return true;
      }
      if (at === cutPage) {
        res.status(200).type('json').write('{"data":[{"data":{"id":"');
        setTimeout(() => res.socket?.destroy(), 20);
        return true;
      }
      if (failFromPage !== undefined && at >= failFromPage) {
        res.status(503).json({ message: 'Internal error' });
        return true;
      }
      if (htmlFromPage !== undefined && at >= htmlFromPage) {
        res.status(200).type('html').send('<!doctype html><title>Clever</title><h1>We will be right back</h1>');
        return true;
      }
      return false;
    },
  };
}

/** Some wrong-token answers of Clever's are pages (dev.clever.com, API errors). */
function refuseToken(res: Response): void {
  res.status(401).type('html').send('<!doctype html><title>Unauthorized</title><h1>401 Unauthorized</h1>');
}
