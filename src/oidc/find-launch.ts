// Where a launch from Clever's portal lands: at a client's initiate_login_uri, which begins its own request (OpenID
// Connect Core 1.0 section 4). The bridge sends no unsolicited code, so an attacker cannot sign a visitor in to an
// account of the attacker's choice (login CSRF).
import type { App } from '../outcome/outcome.ts';
import type { Client } from '../session/client.ts';
import type { Clients } from '../session/clients.ts';
import { createRecentReads } from '../store/recent-reads.ts';

/** A URL of the client, or undefined where launches land at the main product. */
type FindLaunch = (districtId: string, app: App) => Promise<string | undefined>;

interface FindLaunchNeeds {
  readonly clients: Pick<Clients, 'list'>;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Clients are read for launches at most this often; a change by a command takes effect within a second. */
const maxAgeMs = 900;

/** A client of the district has precedence over one of the app. */
export function createFindLaunch({ clients, issuer, clock }: FindLaunchNeeds): FindLaunch {
  const recent = createRecentReads(() => clients.list(), clock, 1);
  return async (districtId, app) => {
    const all = await recent.read('all', maxAgeMs);
    const client =
      all.find(({ launchDistricts }) => launchDistricts.includes(districtId)) ??
      all.find(({ launchApps }) => launchApps.includes(app));
    return client && launchAddress(client, issuer);
  };
}

function launchAddress({ initiateLoginUri, redirectUris: [first = ''] }: Client, issuer: string): string | undefined {
  if (initiateLoginUri === undefined) return undefined;
  const address = new URL(initiateLoginUri);
  address.searchParams.set('iss', issuer);
  address.searchParams.set('target_link_uri', new URL('/', first).href);
  return address.href;
}
