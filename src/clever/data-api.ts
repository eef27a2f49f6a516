// Clever's Data API v3.1 behind the DataApi port: one district's lists from the first page to the last, one person by id.
// Tokens, pages, repetition and shapes are files of their own; this one puts them together.
import { type DataApi, DataApiFailure, type DistrictConnection } from '../roster/secure-sync/ports.ts';
import { createDataApiHttp, type DataApiAnswer, type DataApiHttp } from './data-api-http.ts';
import { readPages } from './data-api-pages.ts';
import { createPace, type Patience, patience, repeatWhilePassing } from './data-api-repeat.ts';
import {
  type ReadItem,
  readDistrict,
  readOne,
  readPage,
  readSchool,
  readSection,
  readUser,
} from './data-api-shapes.ts';
import { type AppCredentials, createDistrictTokens, type DistrictTokens } from './data-api-tokens.ts';

export interface DataApiOptions {
  /** Where tokens are listed. */
  readonly issuer: URL;
  readonly apiUrl: URL;
  /** The SK12 Secure Sync app's. */
  readonly app: AppCredentials;
  /** Records a page; Clever allows 10,000 and its answers grow with it. */
  readonly pageSize?: number;
  /** The longest one call may take. */
  readonly callMs?: number;
  readonly patience?: Partial<Patience>;
}

export function createDataApi(options: DataApiOptions): DataApi {
  const http = createDataApiHttp({ callMs: options.callMs ?? 30_000, connections: 16 });
  const tokens = createDistrictTokens(http, options.issuer, options.app);
  const addressOf = createAddresses(options.apiUrl);
  return {
    connect: (cleverDistrict, signal) =>
      connect({
        ...options,
        http,
        tokens,
        addressOf,
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

interface Line extends DataApiOptions {
  readonly http: DataApiHttp;
  readonly tokens: DistrictTokens;
  readonly addressOf: AddressOf;
  readonly cleverDistrict: string;
  readonly signal: AbortSignal;
  readonly patience: Patience;
}

function connect({
  http,
  tokens,
  addressOf,
  cleverDistrict,
  signal,
  patience,
  pageSize = 1_000,
}: Line): DistrictConnection {
  const pace = createPace(patience);

  /** One call; a refused token is changed once. */
  async function ask(url: URL): Promise<DataApiAnswer> {
    const token = await tokens.current(cleverDistrict, signal);
    const answer = await http.get(url, `Bearer ${token}`, signal);
    if (answer.status !== 401) return answer;
    const renewed = await tokens.renew(cleverDistrict, token, signal);
    const again = await http.get(url, `Bearer ${renewed}`, signal);
    if (again.status === 401) throw new DataApiFailure('token-refused');
    return again;
  }

  const read = <Value>(url: URL, readAnswer: (json: unknown) => Value): Promise<Value> =>
    repeatWhilePassing(patience, signal, async () => {
      const { status, json } = await pace.keep(signal, () => ask(url));
      // Clever answers 404 also to a token that may not read this.
      if (status !== 200) throw new DataApiFailure('not-allowed');
      return readAnswer(json);
    });

  const list = <Item>(path: string, readItem: ReadItem<Item>): AsyncIterable<Item> => {
    const first = addressOf(path);
    first.searchParams.set('limit', String(pageSize));
    return readPages(first, (url) => read(url, (json) => readPage(readItem, json)));
  };

  const find = async <Item>(path: string, readItem: ReadItem<Item>) => readFound(readItem, await ask(addressOf(path)));

  return {
    district: () =>
      read(addressOf(`districts/${encodeURIComponent(cleverDistrict)}`), (json) => readOne(readDistrict, json)),
    schools: () => list('schools', readSchool),
    users: (role) => list(`users?role=${role}`, readUser),
    sections: () => list('sections', readSection),
    user: (id) => find(`users/${encodeURIComponent(id)}`, readUser),
    school: (id) => find(`schools/${encodeURIComponent(id)}`, readSchool),
  };
}

/** 404: not shared with us, deleted, or another district's (dev.clever.com, API errors). */
function readFound<Item>(readItem: ReadItem<Item>, { status, json }: DataApiAnswer): Item | undefined {
  if (status === 404) return undefined;
  if (status === 429) throw new DataApiFailure('rate-limited');
  if (status === 401) throw new DataApiFailure('token-refused');
  if (status !== 200) throw new DataApiFailure('not-allowed');
  return readOne(readItem, json);
}
