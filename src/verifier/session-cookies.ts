// Which cookies of a request may hold a session token: the same rule for the bridge and products (docs/adr/0024). The
// token itself is verified elsewhere.

/**
 * All current and former names of the session cookie. The prefixed one can be set only by this exact host (RFC 6265bis
 * section 4.1.3.2).
 */
export const sessionCookieNames = ['__Host-summit_session', 'summit_session'] as const;

/** No regular browser sends more; of a request that does, none is accepted. */
export const maxSessionCookies = 8;

/**
 * The values of every cookie of the name, as sent and in the order sent (RFC 6265 section 4.2.1). A name with white
 * space before `=`, or with other white space than a space or tab before it, is another name: servers that strip it
 * have taken cookies of a neighbouring host for prefixed ones.
 */
export const readCookies = (header: string | undefined, name: string): string[] =>
  (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1).replace(/^[ \t]+|[ \t]+$/g, ''));

/** The values of all names, the prefixed one first, without limit. Empty ones are omitted. */
export const readEverySessionCookie = (header: string | undefined): string[] =>
  sessionCookieNames.flatMap((name) => readCookies(header, name)).filter((value) => value !== '');

/** The same; at most one more than `maxSessionCookies`. */
export const readSessionCookies = (header: string | undefined): string[] =>
  readEverySessionCookie(header).slice(0, maxSessionCookies + 1);

/**
 * Whether an Authorization header has another scheme than `Bearer`, such as `Basic` for a proxy in front. Such
 * credentials are not about the session, so the cookies count (RFC 9110 section 11.4: a scheme and, after a space, its
 * credentials).
 */
export const isOtherScheme = (authorization: string): boolean =>
  /^(?!bearer )[!#$%&'*+.^_`|~\w-]+ +\S/i.test(authorization);
