// The OpenID provider for products: the library behind its port, rebuilt when the signing keys change.
import type { Request, Response, Router } from 'express';
import { partitionOf } from '../district/district.ts';
import type { Cookies } from '../http/kit/cookies.ts';
import { createOidcLogoutRoutes } from '../http/oidc/logout-routes.ts';
import { createOidcRoutes, type OidcAnswer } from '../http/oidc/routes.ts';
import type { ProviderNeeds } from '../oidc/create-provider.ts';
import { createLogoutNotices, type LogoutNotice, type NoticeResult } from '../oidc/logout-notices.ts';
import type { OpenIdProvider } from '../oidc/provider-port.ts';
import type { Loop } from '../schedule/loop.ts';
import { findOnlyLiveSession } from '../session/browser-sessions.ts';
import { createFindSession, type FindLiveSession } from '../session/live-session.ts';
import type { SessionTokens } from '../session/session-token.ts';
import type { SigningKeys } from '../session/signing-keys.ts';
import type { Services } from './services.ts';

export interface OidcNeeds {
  readonly tokens: Pick<SessionTokens, 'verify'>;
  readonly findLiveSession: FindLiveSession;
  readonly cookies: Cookies;
  readonly publicUrl: URL;
  readonly startSignIn: (request: Request, response: Response, ownAddress: string) => Promise<void>;
  readonly report: (answer: OidcAnswer) => void;
  readonly reportLogout: (notice: LogoutNotice, result: NoticeResult, tries: number) => void;
  readonly onFailure: (failure: unknown) => void;
}

type OidcServices = Pick<Services, 'storage' | 'sessions' | 'rosters'>;

interface Oidc {
  readonly routers: readonly Router[];
  /** Notifies clients of ended sessions. */
  readonly logouts: Loop;
}

export function createOidc(services: OidcServices, needs: OidcNeeds): Oidc {
  const { findLiveSession, cookies, publicUrl, startSignIn, report } = needs;
  const { storage, sessions, rosters } = services;
  const { origin: issuer } = publicUrl;
  const notices = createLogoutNotices({
    ...storage,
    ...sessions,
    onFailure: needs.onFailure,
    report: needs.reportLogout,
    deliver: async (notice) => (await provider()).deliverLogout(notice),
  });
  const provider = providerOfKeys(sessions.keys, {
    ...storage,
    issuer,
    clients: sessions.clients,
    partitionOf: (districtId) => partitionOf(storage.vault, districtId),
    findBrowserSession: (request) => findOnlyLiveSession(findLiveSession, cookies.sessions(request as Request)),
    findSession: createFindSession({ registry: sessions.registry, ...rosters }),
    onCode: notices.register,
  });
  const routers = [
    createOidcRoutes({
      provider,
      keys: sessions.keys,
      startSignIn: (request, response, path) => startSignIn(request, response, issuer + path),
      report,
    }),
    createOidcLogoutRoutes({ issuer, ...sessions, tokens: needs.tokens, findLiveSession, cookies }),
  ];
  return { routers, logouts: notices.loop };
}

/** The library takes its keys when it is built. The first request loads it: a bridge without clients never does. */
function providerOfKeys(keys: Pick<SigningKeys, 'dangerouslyPrivate'>, needs: ProviderNeeds) {
  let built: { readonly kids: string; readonly provider: Promise<OpenIdProvider> } | undefined;
  return async (): Promise<OpenIdProvider> => {
    const jwks = await keys.dangerouslyPrivate();
    const kids = jwks.map(({ kid }) => kid).join();
    if (built?.kids !== kids) {
      const library = import('../oidc/create-provider.ts');
      built = { kids, provider: library.then(({ createOpenIdProvider }) => createOpenIdProvider(needs, jwks)) };
      built.provider.catch(() => {
        built = undefined;
      });
    }
    return built.provider;
  };
}
