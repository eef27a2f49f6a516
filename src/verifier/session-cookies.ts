// Which cookies of a request may hold a session token: the one rule of the bridge and of products (docs/adr/0024). Whether
// a token is good is decided elsewhere.

/** Every name that the session cookie has had. The prefixed one can be set by this very host alone (RFC 6265bis section 4.1.3.2). */
export const sessionCookieNames = ['__Host-summit_session', 'summit_session'] as const;

/** No browser of ours sends more; a request that does is accepted with none of them. */
export const mostSessionCookies = 8;

/**
 * The values of every cookie of the name, as sent and in the order sent (RFC 6265 section 4.2.1). A name with white space
 * before `=`, or with other white space than a space or tab before it, is another name: servers that strip it have taken
 * cookies of a neighbouring host for prefixed ones.
 */
export const readCookies = (header: string | undefined, name: string): string[] =>
  (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1).replace(/^[ \t]+|[ \t]+$/g, ''));

/** The values of every name, the prefixed one first, as many as the header holds. Empty ones are left out. */
export const readEverySessionCookie = (header: string | undefined): string[] =>
  sessionCookieNames.flatMap((name) => readCookies(header, name)).filter((value) => value !== '');

/** The same; one more than `mostSessionCookies` if there are too many. */
export const readSessionCookies = (header: string | undefined): string[] =>
  readEverySessionCookie(header).slice(0, mostSessionCookies + 1);

/**
 * Whether an Authorization header has credentials of another scheme than `Bearer`, such as `Basic` of a proxy in front. They
 * are none of a session, so that the cookies beside them count (RFC 9110 section 11.4: a scheme and, after a space, its credentials).
 */
export const isOtherScheme = (authorization: string): boolean =>
  /^(?!bearer )[!#$%&'*+.^_`|~\w-]+ +\S/i.test(authorization);
