// The surfaces of a server, and the one HTTP app that serves them.
import type { Express, Router } from 'express';
import { getSubdomain } from 'tldts';
import type { AdminAccess } from '../http/admin/admin-access.ts';
import { createApp } from '../http/app.ts';
import { createLimits } from '../http/kit/limits.ts';
import { createSessionRoutes } from '../http/session/routes.ts';
import { callbackPaths } from '../http/sign-in/routes.ts';
import { staffCookieName } from '../http/support/staff-cookies.ts';
import { oidcPaths } from '../oidc/provider-port.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Tracer } from '../trace/span.ts';
import { createDistrictPages, createSharedPages } from './district-pages.ts';
import { createOidc, type OidcNeeds } from './oidc.ts';
import { createProgramRoutes } from './programs.ts';
import { isHttps, type ServerParts } from './server-parts.ts';
import type { Services } from './services.ts';
import { createSignIn } from './sign-in.ts';
import { createAdminPages, createCheckClever, createSupportPages, readStaffSettings } from './staff-pages.ts';

export type Surfaces = ReturnType<typeof createSurfaces>;

export function createSurfaces(services: Services, parts: ServerParts) {
  const { config, log, metrics, tokens, findLiveSession, cookies, sync, bodyDeadline, onRefused } = parts;
  const publicUrl = config.PUBLIC_URL;
  const onFailure = log.failure;
  const signIn = createSignIn(services, parts);
  const oidc = createOidc(services, {
    tokens,
    findLiveSession,
    cookies,
    publicUrl,
    onFailure,
    startSignIn: signIn.startSignIn,
    report: metrics.oidc.answered,
    reportLogout: createLogoutReport(metrics, log),
  });
  const staff = createSupportPages(services, { ...readStaffSettings(config, onFailure), onRefused });
  const programs = createProgramRoutes(services, {
    tokens,
    findLiveSession,
    issuer: publicUrl.origin,
    audience: config.SESSION_AUDIENCE,
    bodyDeadline,
    onFailure,
    dataApi: sync.dataApi,
    onRefused,
    guards: staff.guards,
  });
  const { keys } = services.sessions;
  return {
    provider: signIn.provider,
    logouts: oidc.logouts,
    routers: [
      ...signIn.routers,
      ...oidc.routers,
      createSessionRoutes({ keys, findLiveSession, cookies, publicUrl }),
      programs.tokenRoutes,
    ],
    rareRouters: [...programs.rareRoutes, ...staff.routers, ...createOwnPages(services, parts, staff.adminAccess)],
  };
}

/** The pages of Summit's administrators and, unless they are off, of a district's own; both publish and check rosters. */
function createOwnPages(services: Services, parts: ServerParts, access: AdminAccess): readonly Router[] {
  const { config, findLiveSession, cookies, formToken, bodyDeadline, sync } = parts;
  const onFailure = parts.log.failure;
  const sharedPages = createSharedPages(services, { bodyDeadline, dataApi: sync.dataApi, onFailure });
  const checkClever = createCheckClever(config);
  const admin = createAdminPages(services, { access, sharedPages, sync: sync.sync, checkClever });
  if (config.DISTRICT_PAGES === 'off') return admin;
  const district = { findLiveSession, cookies, formToken, sharedPages, publicUrl: config.PUBLIC_URL, onFailure };
  return [...admin, createDistrictPages(services, district)];
}

const createLogoutReport =
  (metrics: Metrics, log: Log): OidcNeeds['reportLogout'] =>
  ({ clientId }, result, tries) => {
    metrics.oidc.clientNotified(result);
    if (result !== 'delivered') log.warn('logout-not-delivered', { client: clientId, result, tries });
  };

interface ServerAppNeeds {
  readonly parts: ServerParts;
  readonly surfaces: Pick<Surfaces, 'routers' | 'rareRouters'>;
  readonly vault: Vault;
  readonly tracer: Tracer | undefined;
}

export function createServerApp({ parts, surfaces, vault, tracer }: ServerAppNeeds): Express {
  const { config, log, metrics } = parts;
  return createApp({
    routers: surfaces.routers,
    rareRouters: surfaces.rareRouters,
    tracer,
    watch: metrics.http.handler,
    bodyDeadline: parts.bodyDeadline.start,
    limit: config.LIMITS === 'on' ? createServerLimits(parts, vault) : undefined,
    trustProxy: config.TRUST_PROXY,
    https: isHttps(config),
    isOwnHost: Boolean(getSubdomain(config.PUBLIC_URL.hostname)),
    supportContact: config.SUPPORT_CONTACT,
    onFailure: log.failure,
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });
}

const createServerLimits = ({ config, log, metrics, limiter, cookies }: ServerParts, vault: Vault) =>
  createLimits({
    limiter,
    blind: (text) => vault.blind('limit', 'credential', text),
    signInPaths: ['/login', oidcPaths.authorization, ...Object.values(callbackPaths)],
    cookies,
    staffCookie: staffCookieName(isHttps(config)),
    onLimited: () => metrics.signIn({ outcome: 'rate_limited' }),
    onUnreadableAddress: once(() => log.warn('proxy_address_unreadable', { setting: 'TRUST_PROXY' })),
  });

/** Reports the first time only. */
function once(report: () => void): () => void {
  let isReported = false;
  return () => {
    if (!isReported) report();
    isReported = true;
  };
}
