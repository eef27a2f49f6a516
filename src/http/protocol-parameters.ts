// Query parameters of OAuth and OpenID Connect: each at most once and of bounded length. RFC 6749 section 3.1 forbids
// repeats; parsers that take the first or the last of them disagree, and attackers live between the two.
import type { Request } from 'express';

const longest = 4096;

/** Undefined if a parameter is repeated or over-long; the request must then be refused before anything is done. */
export function readProtocolParameters(request: Request): URLSearchParams | undefined {
  // Not by URL: a request target may be one that no URL is (RFC 9112 section 3.2).
  const query = request.originalUrl.indexOf('?');
  const search = query < 0 ? '' : request.originalUrl.slice(query);
  if (search.length > 4 * longest) return undefined;
  const parameters = new URLSearchParams(search);
  const names = [...parameters.keys()];
  const isSound =
    names.length === new Set(names).size && [...parameters.values()].every((value) => value.length <= longest);
  return isSound ? parameters : undefined;
}
