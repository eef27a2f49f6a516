// The pages of staff: support and administration, their OpenID provider, their sessions and their routes.
import { createProxiedFetch, readOutgoingProxy } from '../clever/connection.ts';
import { clientBasic } from '../clever/token-endpoint.ts';
import type { CleverCheckConfig, Config } from '../config/config.ts';
import type { District } from '../district/district.ts';
import { createListKnownDistricts } from '../district/known-districts.ts';
import { createAdminAccessPages } from '../http/admin/access-pages.ts';
import {
  type AdminAccess,
  type AdminPagesNeeds,
  type CheckClever,
  type CheckedThing,
  createAdminAccess,
} from '../http/admin/admin-access.ts';
import { createAdminClientPages } from '../http/admin/client-pages.ts';
import { createAdminDistrictPages } from '../http/admin/district-pages.ts';
import { createAdminRosterPages } from '../http/admin/roster-pages.ts';
import { createGuards, type OnAccessRefused } from '../http/kit/authenticate.ts';
import { createActionRoutes } from '../http/support/action-routes.ts';
import { createAttemptRoutes } from '../http/support/attempt-routes.ts';
import { createAuditLogRoutes } from '../http/support/audit-log-routes.ts';
import { createDistrictActionRoutes } from '../http/support/district-action-routes.ts';
import { createDistrictSupportRoutes } from '../http/support/district-routes.ts';
import { createIncidentRoutes } from '../http/support/incident-routes.ts';
import { createSearchRoutes } from '../http/support/search-routes.ts';
import { createStaffAccess } from '../http/support/staff-access.ts';
import { createStaffCookies } from '../http/support/staff-cookies.ts';
import { createStaffGuards } from '../http/support/staff-guards.ts';
import { createStaffRoutes, staffCallbackPath } from '../http/support/staff-routes.ts';
import type { SupportRoutesNeeds } from '../http/support/support-needs.ts';
import type { SyncDistrict } from '../secure-sync/sync-district.ts';
import { createOpenIdStaffProvider, traceFetch } from '../staff/openid-staff-provider.ts';
import { createStaffSignIn, type StaffIdentityProvider, type StaffLists } from '../staff/staff-sign-in.ts';
import { createCleverCheck, describeCleverCheck } from './clever-check.ts';
import type { SharedPages } from './district-pages.ts';
import type { Services } from './services.ts';

interface SupportSettings {
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

/** The routes, and the guards that accept credentials and signed-in staff. */
export function createSupportPages(
  { storage, audit, sessions, rosters, support, admin }: Services,
  settings: SupportSettings,
) {
  const { publicUrl, clock = storage.clock, onRefused = () => undefined } = settings;
  const cookies = createStaffCookies(publicUrl.protocol === 'https:');
  const { store, vault } = storage;
  const { staffAuditLog } = audit;
  const { credentials } = sessions;
  const staff = settings.staff && createStaffSignIn({ store, vault, clock, ...settings.staff });
  const guards = createGuards(credentials, onRefused);
  const entry = { guards, staff, cookie: cookies.session, origin: publicUrl.origin, onRefused };
  const access = createStaffAccess(entry);
  const needs: SupportRoutesNeeds = {
    access,
    onRefused,
    attempts: support.attempts,
    searchAttempts: support.searchAttempts,
    judge: support.judge,
    incidents: support.incidents,
    readIncident: support.readIncident,
    openAttempt: support.openAttempt,
    readPersonHistory: support.readPersonHistory,
    staffAuditLog,
    credentials,
    districts: { ...rosters.districts, list: createListKnownDistricts(rosters.districts) },
    readMismatches: admin.readDistrictMismatches,
    counts: support.counts,
    readRosterState: rosters.readRosterState,
    staffActions: admin.staffActions,
    compareKept: rosters.publisher.compareKept,
    onFailure: settings.onFailure,
    clock,
  };
  const routers = [
    createStaffRoutes({ staff, access, cookies, staffAuditLog, clock, onRefused }),
    createSearchRoutes(needs),
    createActionRoutes(needs),
    createAttemptRoutes(needs),
    createIncidentRoutes(needs),
    createDistrictSupportRoutes(needs),
    createDistrictActionRoutes(needs),
    createAuditLogRoutes(needs),
  ];
  return { routers, guards: createStaffGuards(entry), adminAccess: createAdminAccess(entry) };
}

interface StaffConfig extends Pick<Config, 'HTTPS_PROXY' | 'NO_PROXY'> {
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
    issuer,
    clientId,
    redirectUri,
    onFailure,
    clientAuthorization: clientBasic(clientId, clientSecret),
    fetch: traceFetch(createProxiedFetch(readOutgoingProxy(config))),
  });
  const lists = () => ({ support: config.STAFF_SUPPORT ?? [], admin: config.STAFF_ADMIN ?? [] });
  return { publicUrl, onFailure, staff: { issuer, provider, lists } };
}

interface AdminSurface {
  readonly access: AdminAccess;
  readonly sharedPages: SharedPages;
  readonly sync: SyncDistrict;
  readonly checkClever: CheckClever;
}

/** Districts, rosters, credentials, clients, keys. */
export function createAdminPages(
  { storage, audit, sessions, rosters, admin }: Services,
  { access, sharedPages, sync, checkClever }: AdminSurface,
) {
  const needs: AdminPagesNeeds = {
    access,
    sync,
    checkClever,
    ...sharedPages,
    ...audit,
    clock: storage.clock,
    districts: rosters.districts,
    putDistrict: admin.putDistrict,
    staffActions: admin.staffActions,
    readDistrictReach: admin.readDistrictReach,
    readRosterState: rosters.readRosterState,
    lastReports: rosters.lastReports,
    compareKept: rosters.publisher.compareKept,
    credentials: sessions.credentials,
    clients: sessions.clients,
    keys: sessions.keys,
    recordedAccess: admin.recordedAccess,
  };
  return [
    createAdminDistrictPages(needs),
    createAdminRosterPages(needs),
    createAdminAccessPages(needs),
    createAdminClientPages(needs),
  ];
}

/** For the administration pages: opened for one check, and closed. */
export const createCheckClever =
  (config: CleverCheckConfig) =>
  async (district: District): Promise<readonly CheckedThing[]> => {
    const check = createCleverCheck(config);
    try {
      return await describeCleverCheck(check, [district]);
    } finally {
      await check.close();
    }
  };
