// A Fastify hook around a verifier. Typed by the parts of a request that it uses, so that Fastify is no dependency; for
// version 5.
import type { Refused, Verifier } from './create-verifier.ts';
import { answerRefusal } from './refusal-answer.ts';
import { keepSession } from './session-of.ts';
import { type RequestHeaders, verifyRequest } from './verify-request.ts';

interface SeenRequest {
  readonly headers: RequestHeaders;
}
interface SeenReply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string): unknown;
}

export interface RequireFastifySessionOptions<Request, Reply> {
  /**
   * Sends the response to a refused request and returns the reply; by default 401 with a challenge, or 503, and
   * `{"error": code}`.
   */
  readonly onRefused?: (refusal: Refused, request: Request, reply: Reply) => unknown;
}

/** For `addHook('onRequest', …)`: passes requests with a live session, with its claims in `sessionOf(request)`. */
export function requireFastifySession<Request extends SeenRequest, Reply extends SeenReply>(
  verifier: Pick<Verifier, 'verifySession'>,
  { onRefused = sendRefused }: RequireFastifySessionOptions<Request, Reply> = {},
) {
  return async (request: Request, reply: Reply): Promise<unknown> => {
    const result = await verifyRequest(verifier, request.headers);
    // A hook that returns the reply ends the request; undefined passes it.
    if (result.kind === 'refused') return (await onRefused(result, request, reply)) ?? reply;
    keepSession(request, result.claims);
    return undefined;
  };
}

function sendRefused(refusal: Refused, _request: unknown, reply: SeenReply): unknown {
  const { status, headers, body } = answerRefusal(refusal);
  reply.code(status);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  return reply.send(body);
}
