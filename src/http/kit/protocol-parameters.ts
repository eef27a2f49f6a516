// Query parameters of OAuth and OpenID Connect: each of the protocol's own at most once and of bounded length. Parsers
// that take the first or the last of a repeated parameter disagree, and attackers use the difference.
import type { Request } from 'express';

const longest = 4096;

/**
 * What the bridge reads of an answer at a redirect address: RFC 6749 section 4.1.2, RFC 9207. What else an authorization
 * server or a proxy adds (`session_state`, `error_description`) is ignored.
 */
export const callbackParameters = ['code', 'state', 'iss', 'error'] as const;

/**
 * The parameters of these names. Others are ignored (RFC 6749 section 3.1), also repeated: links gather `utm_source` and
 * `fbclid` on their way.
 * @param names absent: every name counts as the route's own
 * @returns undefined if one is repeated or over-long: refuse the request before anything is done
 */
export function readProtocolParameters(request: Request, names?: readonly string[]): URLSearchParams | undefined {
  // Not by URL: a request target may be one that no URL is (RFC 9112 section 3.2).
  const query = request.originalUrl.indexOf('?');
  const search = query < 0 ? '' : request.originalUrl.slice(query);
  if (search.length > 4 * longest) return undefined;
  const own = [...new URLSearchParams(search)].filter(([name]) => names === undefined || names.includes(name));
  const isValid =
    own.length === new Set(own.map(([name]) => name)).size && own.every(([, value]) => value.length <= longest);
  return isValid ? new URLSearchParams(own) : undefined;
}
