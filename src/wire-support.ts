// The support room of the composition root: staff's provider, sessions, routes. Same rule as wire.ts.
import { clientBasic } from './clever/client-basic.ts';
import type { OnAccessRefused } from './http/access-refused.ts';
import { createGuards } from './http/authenticate.ts';
import { createAttemptRoutes } from './http/support/attempt-routes.ts';
import { createDistrictDeskRoutes } from './http/support/district-desk-routes.ts';
import { createStaffAccess } from './http/support/staff-access.ts';
import { createStaffCookies } from './http/support/staff-cookies.ts';
import { createStaffGuards } from './http/support/staff-guards.ts';
import { createStaffRoutes, staffCallbackPath } from './http/support/staff-routes.ts';
import { writeCsv } from './roster/formats/write-csv.ts';
import { createOpenIdStaffProvider } from './staff/openid-staff-provider.ts';
import { createStaffSignIn, type StaffIdentityProvider, type StaffLists } from './support/staff-sign-in.ts';
import type { Office } from './wire-office.ts';

export interface SupportSettings {
  readonly publicUrl: URL;
  readonly onFailure: (failure: unknown) => void;
  /** Undefined: the pages are closed. */
  readonly staff?: {
    readonly issuer: string;
    readonly provider: StaffIdentityProvider;
    readonly lists: () => StaffLists;
  };
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly onRefused?: OnAccessRefused;
}

/** The routes, and who may administer: credentials, and staff who signed in. */
export function createSupport(office: Office, settings: SupportSettings) {
  const { publicUrl, clock = office.clock, onRefused = () => undefined } = settings;
  const cookies = createStaffCookies(publicUrl.protocol === 'https:');
  const { store, vault, staffTrail } = office;
  const staff = settings.staff && createStaffSignIn({ store, vault, clock, ...settings.staff });
  const guards = createGuards(office.credentials, onRefused);
  const door = { guards, staff, cookie: cookies.session, origin: publicUrl.origin, onRefused };
  const access = createStaffAccess(door);
  const needs = { ...office, access, clock, writeCsv, onRefused };
  const routers = [
    createStaffRoutes({ staff, access, cookies, staffTrail, clock, onRefused }),
    createAttemptRoutes(needs),
    createDistrictDeskRoutes(needs),
  ];
  return { routers, guards: createStaffGuards(door) };
}

interface StaffConfig {
  readonly PUBLIC_URL: URL;
  readonly STAFF_ISSUER?: URL | undefined;
  readonly STAFF_CLIENT_ID?: string | undefined;
  readonly STAFF_CLIENT_SECRET?: string | undefined;
  readonly STAFF_SUPPORT?: readonly string[] | undefined;
  readonly STAFF_ADMIN?: readonly string[] | undefined;
}

export function readStaffSettings(config: StaffConfig, onFailure: (failure: unknown) => void): SupportSettings {
  const { PUBLIC_URL: publicUrl, STAFF_ISSUER, STAFF_CLIENT_ID: clientId, STAFF_CLIENT_SECRET: clientSecret } = config;
  if (STAFF_ISSUER === undefined || clientId === undefined || clientSecret === undefined)
    return { publicUrl, onFailure };
  // As an issuer identifier: without the slash that URL adds to an origin (OpenID Connect Discovery section 4.3).
  const issuer = STAFF_ISSUER.pathname === '/' ? STAFF_ISSUER.origin : STAFF_ISSUER.href;
  const redirectUri = new URL(staffCallbackPath, publicUrl).href;
  const provider = createOpenIdStaffProvider({
    ...{ issuer, clientId, redirectUri, onFailure },
    clientAuthorization: clientBasic(clientId, clientSecret),
  });
  const lists = () => ({ support: config.STAFF_SUPPORT ?? [], admin: config.STAFF_ADMIN ?? [] });
  return { publicUrl, onFailure, staff: { issuer, provider, lists } };
}
