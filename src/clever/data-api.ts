// Clever's Data API v3.1 behind the DataApi port: one district's lists from the first page to the last, and one user by
// id. Tokens, retries and shapes are files of their own.
import { type DataApi, DataApiFailure, type DistrictConnection } from '../secure-sync/ports.ts';
import type { OutgoingProxy } from './connection.ts';
import { createDataApiHttp, type DataApiAnswer, type DataApiHttp } from './data-api-http.ts';
import { createPace, type Patience, patience, repeatWhilePassing } from './data-api-repeat.ts';
import {
  type Page,
  type ReadItem,
  readCourse,
  readDistrict,
  readOne,
  readPage,
  readSchool,
  readSection,
  readTerm,
  readUser,
} from './data-api-shapes.ts';
import { type AppCredentials, createDistrictTokens, type DistrictTokens } from './data-api-tokens.ts';

export interface DataApiOptions {
  /** Where the tokens are listed. */
  readonly issuer: URL;
  readonly apiUrl: URL;
  /** The SK12 Secure Sync app's. */
  readonly app: AppCredentials;
  /** Records per page; Clever allows 10,000, and response times grow with it. */
  readonly pageSize?: number;
  /** Timeout of one call. */
  readonly callMs?: number;
  readonly patience?: Partial<Patience>;
  readonly proxy?: OutgoingProxy | undefined;
}

export function createDataApi(options: DataApiOptions): DataApi {
  const http = createDataApiHttp({ callMs: options.callMs ?? 30_000, connections: 16, proxy: options.proxy });
  const tokens = createDistrictTokens(http, options.issuer, options.app);
  const addressOf = createAddresses(options.apiUrl);
  const rights: Rights = new Map();
  return {
    connect: (cleverDistrict, signal) =>
      connect({
        ...options,
        http,
        tokens,
        addressOf,
        rights,
        cleverDistrict,
        signal,
        patience: { ...patience, ...options.patience },
      }),
    async readUser(accessToken, id, signal) {
      const answer = await http.get(addressOf(`users/${encodeURIComponent(id)}`), `Bearer ${accessToken}`, signal);
      return readFound(readUser, answer);
    },
    close: http.close,
  };
}

type AddressOf = (path: string) => URL;

function createAddresses(apiUrl: URL): AddressOf {
  const base = new URL(`${apiUrl.href.replace(/\/$/, '')}/v3.1/`);
  return (path) => new URL(path, base);
}

/**
 * Until when a district's token counts as permitted to read users, by Clever id of the district; `performance.now()`.
 */
type Rights = Map<string, number>;

/** A revoked permission is noticed within this time. */
const rightsKeptMs = 60_000;

interface Line extends DataApiOptions {
  readonly http: DataApiHttp;
  readonly tokens: DistrictTokens;
  readonly addressOf: AddressOf;
  readonly rights: Rights;
  readonly cleverDistrict: string;
  readonly signal: AbortSignal;
  readonly patience: Patience;
}

/** One call with the district's token; a rejected token is replaced once. */
function createAsk({ http, tokens, cleverDistrict, signal }: Line): (url: URL) => Promise<DataApiAnswer> {
  return async (url) => {
    const token = await tokens.current(cleverDistrict, signal);
    const answer = await http.get(url, `Bearer ${token}`, signal);
    if (answer.status !== 401) return answer;
    const renewed = await tokens.renew(cleverDistrict, token, signal);
    const again = await http.get(url, `Bearer ${renewed}`, signal);
    if (again.status === 401) throw new DataApiFailure('token-refused');
    return again;
  };
}

function connect(line: Line): DistrictConnection {
  const { addressOf, rights, cleverDistrict, signal, patience, pageSize = 1_000 } = line;
  const pace = createPace(patience);
  const ask = createAsk(line);

  const read = <Value>(url: URL, readAnswer: (json: unknown) => Value): Promise<Value> =>
    repeatWhilePassing(patience, signal, async () => {
      const { status, json } = await pace.keep(signal, () => ask(url));
      // Clever also answers 404 to a token that may not read this.
      if (status !== 200) throw new DataApiFailure('not-allowed');
      return readAnswer(json);
    });

  const list = <Item>(path: string, readItem: ReadItem<Item>): AsyncIterable<Item> => {
    const first = addressOf(path);
    first.searchParams.set('limit', String(pageSize));
    return readPages(first, (url) => read(url, (json) => readPage(readItem, json)));
  };

  /**
   * A record's 404 means "not shared with us" only if the token may read users at all: otherwise Clever answers 404
   * too. A list distinguishes the two, as it always exists.
   */
  async function checkRights(): Promise<void> {
    if ((rights.get(cleverDistrict) ?? 0) > performance.now()) return;
    const { status } = await ask(addressOf('users?role=student&limit=1'));
    if (status === 429) throw new DataApiFailure('rate-limited');
    if (status !== 200) throw new DataApiFailure('not-allowed');
    rights.set(cleverDistrict, performance.now() + rightsKeptMs);
  }

  const find = async <Item>(path: string, readItem: ReadItem<Item>) => {
    const found = readFound(readItem, await ask(addressOf(path)));
    if (found === undefined) await checkRights();
    return found;
  };

  return {
    district: () =>
      read(addressOf(`districts/${encodeURIComponent(cleverDistrict)}`), (json) => readOne(readDistrict, json)),
    schools: () => list('schools', readSchool),
    users: (role) => list(`users?role=${role}`, readUser),
    courses: () => list('courses', readCourse),
    terms: () => list('terms', readTerm),
    sections: () => list('sections', readSection),
    user: (id) => find(`users/${encodeURIComponent(id)}`, readUser),
    school: (id) => find(`schools/${encodeURIComponent(id)}`, readSchool),
  };
}

/** 404: not shared with us, deleted, another district's, or the wrong type of token (dev.clever.com, API errors). */
function readFound<Item>(readItem: ReadItem<Item>, { status, json }: DataApiAnswer): Item | undefined {
  if (status === 404) return undefined;
  if (status === 429) throw new DataApiFailure('rate-limited');
  if (status === 401) throw new DataApiFailure('token-refused');
  if (status !== 200) throw new DataApiFailure('not-allowed');
  return readOne(readItem, json);
}

/** Ten times a million records at a thousand per page. */
const maxPages = 10_000;

/**
 * The items of every page. Trusts no link: it may lead in a circle, or to a host that must not receive the district's
 * token. The next page is requested while the items of the one before are being used, so at most two pages are in
 * memory. A page may be empty and still have a `next` (dev.clever.com, pagination); the list ends at the first page
 * without `next`.
 * @throws DataApiFailure `next-elsewhere`, `next-loop`, and errors of reading a page
 */
export async function* readPages<Item>(first: URL, read: (url: URL) => Promise<Page<Item>>): AsyncGenerator<Item> {
  const seen = new Set<string>();
  function request(url: URL): Promise<Page<Item>> {
    if (seen.has(url.href) || seen.size === maxPages) throw new DataApiFailure('next-loop');
    seen.add(url.href);
    const page = read(url);
    // A failure is thrown when the page is needed, and not at all if it is not needed any more.
    page.catch(() => undefined);
    return page;
  }
  let url = first;
  let ahead: Promise<Page<Item>> | undefined = request(url);
  while (ahead !== undefined) {
    const page: Page<Item> = await ahead;
    ahead = undefined;
    const next: URL | undefined = page.next === undefined ? undefined : follow(url, page.next);
    // Beyond the last record Clever may return the same empty page again.
    const isEnd = next === undefined || (page.items.length === 0 && next.href === url.href);
    const requestNext = () => (isEnd ? undefined : request(next));
    for (const item of page.items) {
      yield item;
      // Not earlier: a caller that needs only the first item costs Clever one page.
      ahead ??= requestNext();
    }
    ahead ??= requestNext();
    url = next ?? url;
  }
}

function follow(from: URL, link: string): URL {
  const next = URL.canParse(link, from) ? new URL(link, from) : undefined;
  if (next?.origin !== from.origin) throw new DataApiFailure('next-elsewhere');
  return next;
}
