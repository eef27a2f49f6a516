// Hono middleware around a verifier. Typed by the parts of a context that it uses, so that Hono is no dependency; for
// version 4.
import type { Refused, Verifier } from './create-verifier.ts';
import { answerRefusal } from './refusal-answer.ts';
import { keepSession } from './session-of.ts';
import { verifyRequest } from './verify-request.ts';

interface SeenContext {
  readonly req: { header(name: string): string | undefined };
}

export interface RequireHonoSessionOptions<Context> {
  /** Responds to a refused request; by default 401 with a challenge, or 503, and `{"error": code}`. */
  readonly onRefused?: (refusal: Refused, context: Context) => Response | Promise<Response>;
}

/** For `app.use(…)`: passes requests with a live session, with its claims in `sessionOf(context)`. */
export function requireHonoSession<Context extends SeenContext>(
  verifier: Pick<Verifier, 'verifySession'>,
  { onRefused = toResponse }: RequireHonoSessionOptions<Context> = {},
) {
  return async (context: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    const [authorization, cookie] = [context.req.header('authorization'), context.req.header('cookie')];
    const result = await verifyRequest(verifier, { authorization, cookie });
    if (result.kind === 'refused') return onRefused(result, context);
    keepSession(context, result.claims);
    await next();
    return undefined;
  };
}

function toResponse(refusal: Refused): Response {
  const { status, headers, body } = answerRefusal(refusal);
  return new Response(body, { status, headers });
}
