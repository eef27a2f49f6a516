// Express middleware around a verifier. Typed by the parts of a request that it uses, so that Express is no dependency;
// works with versions 4 and 5.
import type { Refused, Verifier } from './create-verifier.ts';
import { answerRefusal } from './refusal-answer.ts';
import { keepSession } from './session-of.ts';
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
  /** Responds to a refused request; by default 401 with a challenge, or 503, and `{"error": code}`. */
  readonly onRefused?: (
    refusal: Refused,
    request: Request,
    response: Response,
    next: (failure?: unknown) => void,
  ) => void;
}

/** Passes requests with a live session, with its claims in `sessionOf(request)` and `response.locals.session`. */
export function requireSession<Request extends SeenRequest, Response extends SeenResponse>(
  verifier: Pick<Verifier, 'verifySession'>,
  { onRefused = sendRefused }: RequireSessionOptions<Request, Response> = {},
) {
  return async (request: Request, response: Response, next: (failure?: unknown) => void): Promise<void> => {
    try {
      const result = await verifyRequest(verifier, request.headers);
      if (result.kind === 'refused') return onRefused(result, request, response, next);
      keepSession(request, result.claims);
      response.locals['session'] = result.claims;
      next();
    } catch (failure) {
      next(failure);
    }
  };
}

function sendRefused(refusal: Refused, _request: unknown, response: SeenResponse): void {
  const { status, headers, body } = answerRefusal(refusal);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
