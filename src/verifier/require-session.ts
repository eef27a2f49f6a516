// Express middleware around a verifier. Typed by what it needs of a request, so that Express is no dependency; works with
// versions 4 and 5.
import type { Refused, Verifier } from './create-verifier.ts';
import type { VerifiedSession } from './read-session-claims.ts';

interface SeenRequest {
  readonly headers: { readonly authorization?: string | undefined; readonly cookie?: string | undefined };
}
interface SeenResponse {
  locals: Record<string, unknown>;
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export interface RequireSessionOptions<Request, Response> {
  /** Answers who is not let in; by default 401 with a challenge, or 503, and `{"error": code}`. */
  readonly onRefused?: (
    refusal: Refused,
    request: Request,
    response: Response,
    next: (failure?: unknown) => void,
  ) => void;
}

/** Lets through who has a live session, with its claims in `response.locals.session`. A bearer token goes before the cookie. */
export function requireSession<Request extends SeenRequest, Response extends SeenResponse>(
  verifier: Pick<Verifier, 'verifySession'>,
  { onRefused = sendRefused }: RequireSessionOptions<Request, Response> = {},
) {
  return async (request: Request, response: Response, next: (failure?: unknown) => void): Promise<void> => {
    try {
      const result = await verifier.verifySession(readSessionToken(request));
      if (result.kind === 'refused') return onRefused(result, request, response, next);
      const session: VerifiedSession = result.claims;
      response.locals['session'] = session;
      next();
    } catch (failure) {
      next(failure);
    }
  };
}

/** A malformed Authorization header counts as a bad token, never as none. */
export function readSessionToken({ headers }: SeenRequest): string | undefined {
  if (headers.authorization !== undefined) return /^Bearer +([\w.~+/-]+=*) *$/i.exec(headers.authorization)?.[1] ?? '-';
  // The prefixed name is one that only this very host can have set (RFC 6265bis section 4.1.3.2), so it goes first.
  return readCookie(headers.cookie, '__Host-summit_session') ?? readCookie(headers.cookie, 'summit_session');
}

/** Two of one name are not both the bridge's, and whoever set the other chose which comes first: neither is believed. */
function readCookie(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').filter((each) => each.trim().startsWith(`${name}=`));
  const [pair, ...more] = pairs;
  return more.length > 0 ? '-' : pair?.slice(pair.indexOf('=') + 1).trim();
}

function sendRefused({ code }: Refused, _request: unknown, response: SeenResponse): void {
  const isOurs = code === 'keys_unavailable' || code === 'revocations_stale';
  response.statusCode = isOurs ? 503 : 401;
  // RFC 6750 section 3: who brought no token is told no error.
  const error = code === 'token_missing' ? '' : ', error="invalid_token"';
  if (isOurs) response.setHeader('Retry-After', '5');
  else response.setHeader('WWW-Authenticate', `Bearer realm="session"${error}`);
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify({ error: code }));
}
