// Query parameters of OAuth and OpenID Connect: those of the protocol at most once and of limited length. Parsers
// disagree on whether the first or the last of a repeated parameter counts, which attackers exploit.
import type { Request } from 'express';

const longest = 4096;

/**
 * The parameters that the bridge reads at a redirect URI: RFC 6749 section 4.1.2, RFC 9207. Others that an
 * authorization server or a proxy adds (`session_state`, `error_description`) are ignored.
 */
export const callbackParameters = ['code', 'state', 'iss', 'error'] as const;

/**
 * The parameters of these names. Others are ignored (RFC 6749 section 3.1), even repeated ones: links collect
 * `utm_source` and `fbclid`.
 * @param names absent: all parameters belong to the route
 * @returns undefined if one is repeated or too long: refuse the request before any effect
 */
export function readProtocolParameters(request: Request, names?: readonly string[]): URLSearchParams | undefined {
  // Without URL: a request target may be no valid URL (RFC 9112 section 3.2).
  const query = request.originalUrl.indexOf('?');
  const search = query < 0 ? '' : request.originalUrl.slice(query);
  if (search.length > 4 * longest) return undefined;
  const own = [...new URLSearchParams(search)].filter(([name]) => names === undefined || names.includes(name));
  const isValid =
    own.length === new Set(own.map(([name]) => name)).size && own.every(([, value]) => value.length <= longest);
  return isValid ? new URLSearchParams(own) : undefined;
}

/** A boolean parameter: false if absent; undefined for anything but a single `true` or `false`. */
export function readFlag(request: Request, name: string): boolean | undefined {
  const given = readProtocolParameters(request, [name])?.get(name);
  if (given === undefined) return undefined;
  return given === null || given === 'false' ? false : given === 'true' ? true : undefined;
}
