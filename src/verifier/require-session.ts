// Express middleware around a verifier. Typed by what it needs of a request, so that Express is no dependency; works with
// versions 4 and 5.
import type { Refused, Verifier } from './create-verifier.ts';
import type { VerifiedSession } from './read-session-claims.ts';
import { type RequestHeaders, verifyRequest } from './verify-request.ts';

interface SeenRequest {
  readonly headers: RequestHeaders;
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

/** Lets through who has a live session, with its claims in `response.locals.session`. */
export function requireSession<Request extends SeenRequest, Response extends SeenResponse>(
  verifier: Pick<Verifier, 'verifySession'>,
  { onRefused = sendRefused }: RequireSessionOptions<Request, Response> = {},
) {
  return async (request: Request, response: Response, next: (failure?: unknown) => void): Promise<void> => {
    try {
      const result = await verifyRequest(verifier, request.headers);
      if (result.kind === 'refused') return onRefused(result, request, response, next);
      const session: VerifiedSession = result.claims;
      response.locals['session'] = session;
      next();
    } catch (failure) {
      next(failure);
    }
  };
}

function sendRefused({ code }: Refused, _request: unknown, response: SeenResponse): void {
  const isOurs = code === 'keys_unavailable' || code === 'revocations_stale';
  response.statusCode = isOurs ? 503 : 401;
  // RFC 6750 section 3: a request without a token gets no error code.
  const error = code === 'token_missing' ? '' : ', error="invalid_token"';
  if (isOurs) response.setHeader('Retry-After', '5');
  else response.setHeader('WWW-Authenticate', `Bearer realm="session"${error}`);
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify({ error: code }));
}
