// The bearer token of each connected district: fetched with the app's credentials, kept in memory only, fetched again
// when Clever rejects it, because tokens rotate (dev.clever.com, district tokens).
import { DataApiFailure } from '../secure-sync/ports.ts';
import type { DataApiHttp } from './data-api-http.ts';
import { readDistrictToken } from './data-api-shapes.ts';
import { within } from './deadline.ts';
import { clientBasic } from './token-endpoint.ts';

export interface DistrictTokens {
  /** @throws DataApiFailure */
  current(cleverDistrict: string, signal: AbortSignal): Promise<string>;
  /** A token other than the rejected one. @throws DataApiFailure `token-refused` if Clever has no other */
  renew(cleverDistrict: string, refused: string, signal: AbortSignal): Promise<string>;
}

export interface AppCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export function createDistrictTokens(http: DataApiHttp, issuer: URL, app: AppCredentials): DistrictTokens {
  const tokens = new Map<string, Promise<string>>();
  const basic = clientBasic(app.clientId, app.clientSecret);

  async function fetchToken(cleverDistrict: string): Promise<string> {
    const url = new URL('/oauth/tokens', issuer);
    url.search = new URLSearchParams({ owner_type: 'district', district: cleverDistrict }).toString();
    // Without a caller's signal: other callers may wait for the same response. The call has its own time limit.
    const { status, json } = await http.get(url, basic, new AbortController().signal);
    if (status === 429) throw new DataApiFailure('rate-limited');
    if (status === 404) throw new DataApiFailure('no-token');
    if (status !== 200) throw new DataApiFailure('invalid-client');
    return readDistrictToken(json, cleverDistrict);
  }

  async function wait(token: Promise<string>, signal: AbortSignal): Promise<string> {
    try {
      return await within(token, signal);
    } catch (error) {
      throw signal.aborted ? new DataApiFailure('stopped') : error;
    }
  }

  function fetchOnce(cleverDistrict: string): Promise<string> {
    const token = fetchToken(cleverDistrict);
    tokens.set(cleverDistrict, token);
    token.catch(() => {
      if (tokens.get(cleverDistrict) === token) tokens.delete(cleverDistrict);
    });
    return token;
  }

  return {
    current: (cleverDistrict, signal) => wait(tokens.get(cleverDistrict) ?? fetchOnce(cleverDistrict), signal),
    async renew(cleverDistrict, refused, signal) {
      const known = tokens.get(cleverDistrict);
      const other = known === undefined ? undefined : await wait(known, signal);
      if (other !== undefined && other !== refused) return other;
      // Another caller whose token was rejected may have started a load meanwhile.
      const begun = tokens.get(cleverDistrict);
      const token = await wait(begun === undefined || begun === known ? fetchOnce(cleverDistrict) : begun, signal);
      if (token === refused) throw new DataApiFailure('token-refused');
      return token;
    },
  };
}
