// Validates names and URIs of clients of the OpenID provider: one set of rules for the command and pages.

/** The scopes of a client. `offline_access` gives it refresh tokens, which last as long as the session. */
export type ClientScope = 'openid' | 'profile' | 'email' | 'offline_access';
export const clientScopes: readonly ClientScope[] = ['openid', 'profile', 'email', 'offline_access'];

/**
 * `required`: PKCE S256. `or-nonce`: for a confidential client whose library lacks PKCE; a request without it must have
 * a `nonce`, which the client has to check (RFC 9700 section 2.1.1).
 */
export type ClientPkce = 'required' | 'or-nonce';
export const clientPkces: readonly ClientPkce[] = ['required', 'or-nonce'];

/** The rule, phrased to follow "It" or the name of a field. */
export const clientRules = {
  id: 'must be 1 to 64 letters, digits, dots, dashes and underscores, and begin with a letter or digit',
  uri: 'must be an https address (http for localhost, 127.0.0.1 and [::1] alone), as a browser writes it, of at most 400 characters, without user, password, fragment or *; an app has an https address that its system hands to it (Universal Link, App Link), never a scheme of its own',
  uris: 'must be at most 20 addresses, each once',
  scopes: `must be of ${clientScopes.join(', ')}`,
} as const;

/** Maximum of registered URIs of one kind. */
const maxUris = 20;
/** It travels in the authorization request, whose length is limited too. */
const maxUriLength = 400;
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

export const isClientId = (id: string): boolean => /^[A-Za-z0-9][\w.-]{0,63}$/.test(id);

/**
 * URIs are compared character for character (RFC 9700 section 2.1), so only the normalized form that a browser sends is
 * accepted. https, or http to the loopback interface (RFC 8252 section 7.3).
 */
export function isClientUri(text: string): boolean {
  if (text.length > maxUriLength || !URL.canParse(text) || /[*#\\\p{Cc}\s]/u.test(text)) return false;
  const url = new URL(text);
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname));
  const isAsSent = url.href === text || url.href === `${text}/`;
  return isAllowed && isAsSent && url.username === '' && url.password === '';
}

export const areClientUris = (uris: readonly string[]): boolean =>
  uris.length <= maxUris && new Set(uris).size === uris.length && uris.every(isClientUri);

/**
 * One of the registered URIs, character for character. The system assigns the port of a public client on the user's
 * machine, so with http on 127.0.0.1 and [::1] the port may differ (RFC 8252 section 7.3).
 */
export function isRegisteredUri(uri: string, registered: readonly string[], isPublic: boolean): boolean {
  if (registered.includes(uri)) return true;
  return (
    isPublic && isClientUri(uri) && registered.some((one) => isLoopback(one) && withoutPort(one) === withoutPort(uri))
  );
}

const isLoopback = (uri: string): boolean => {
  const { protocol, hostname } = new URL(uri);
  return protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname);
};

function withoutPort(uri: string): string {
  const url = new URL(uri);
  url.port = '';
  return url.href;
}

/** In the order of the standard, always with `openid`; undefined if a word is no known scope. */
export function readClientScopes(words: readonly string[]): ClientScope[] | undefined {
  const isKnown = words.every((word) => (clientScopes as readonly string[]).includes(word));
  return isKnown ? clientScopes.filter((scope) => scope === 'openid' || words.includes(scope)) : undefined;
}
