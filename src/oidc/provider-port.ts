// The port by which http/ uses the OpenID provider, without the library, which is loaded on the first request.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface OpenIdProvider {
  /** Sends the response, or returns what the caller must send. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<Ending | undefined>;
  /**
   * Posts a logout token to the client; rejects if the client does not accept it. Does nothing for a removed client.
   */
  deliverLogout(notice: { readonly clientId: string; readonly accountId: string; readonly sid: string }): Promise<void>;
}

/** What the caller does in place of the library. */
export type Ending =
  /**
   * No suitable session: sign in at Clever and return to this request, a path with its query; undefined if that is too
   * long.
   */
  | { readonly kind: 'sign-in'; readonly returnTo: string | undefined }
  /** No redirect is possible: an unknown client, or a redirect URI that is not registered. */
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'failure'; readonly failure: unknown };

export const oidcPaths = {
  authorization: '/oidc/authorize',
  token: '/oidc/token',
  userinfo: '/oidc/userinfo',
  jwks: '/oidc/jwks',
  logout: '/oidc/logout',
} as const;
