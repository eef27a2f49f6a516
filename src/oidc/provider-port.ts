// What http/ needs of the OpenID provider, apart from the library, which is loaded when the first client asks.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface OpenIdProvider {
  /** Answers, or says what the caller has to answer. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<Ending | undefined>;
  /** Posts a logout token to the client; rejects where it does not take it. Nothing to do for one that is gone. */
  deliverLogout(notice: { readonly clientId: string; readonly accountId: string; readonly sid: string }): Promise<void>;
}

/** What the caller does in place of the library. */
export type Ending =
  /** Nobody is signed in who will do: go to Clever and come back to this request, a path with its query; undefined where that is too long. */
  | { readonly kind: 'sign-in'; readonly returnTo: string | undefined }
  /** The request can be answered to nobody: an unknown client, an address that is not registered. */
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'failure'; readonly failure: unknown };

export const oidcPaths = {
  authorization: '/oidc/authorize',
  token: '/oidc/token',
  userinfo: '/oidc/userinfo',
  jwks: '/oidc/jwks',
  logout: '/oidc/logout',
} as const;
