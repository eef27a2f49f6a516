// The hooks of a product's framework around a verifier: Express 4 and 5, Fastify 5, Hono 4; and the response to a refused
// request, for any other. Typed by the parts of a request that they use, so that no framework is a dependency.
import type { Refused, VerifiedSession, Verifier } from './create-verifier.ts';
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

/** Express: passes requests with a live session, with its claims in `sessionOf(request)` and `response.locals.session`. */
export function requireSession<Request extends SeenRequest, Response extends SeenResponse>(
  verifier: Pick<Verifier, 'verifySession'>,
  { onRefused = sendByResponse }: RequireSessionOptions<Request, Response> = {},
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

function sendByResponse(refusal: Refused, _request: unknown, response: SeenResponse): void {
  const { status, headers, body } = answerRefusal(refusal);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
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

/** Fastify, for `addHook('onRequest', …)`: passes requests with a live session, with its claims in `sessionOf(request)`. */
export function requireFastifySession<Request extends SeenRequest, Reply extends SeenReply>(
  verifier: Pick<Verifier, 'verifySession'>,
  { onRefused = sendByReply }: RequireFastifySessionOptions<Request, Reply> = {},
) {
  return async (request: Request, reply: Reply): Promise<unknown> => {
    const result = await verifyRequest(verifier, request.headers);
    // A hook that returns the reply ends the request; undefined passes it.
    if (result.kind === 'refused') return (await onRefused(result, request, reply)) ?? reply;
    keepSession(request, result.claims);
    return undefined;
  };
}

function sendByReply(refusal: Refused, _request: unknown, reply: SeenReply): unknown {
  const { status, headers, body } = answerRefusal(refusal);
  reply.code(status);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  return reply.send(body);
}

interface SeenContext {
  readonly req: { header(name: string): string | undefined };
}

export interface RequireHonoSessionOptions<Context> {
  /** Responds to a refused request; by default 401 with a challenge, or 503, and `{"error": code}`. */
  readonly onRefused?: (refusal: Refused, context: Context) => Response | Promise<Response>;
}

/** Hono, for `app.use(…)`: passes requests with a live session, with its claims in `sessionOf(context)`. */
export function requireHonoSession<Context extends SeenContext>(
  verifier: Pick<Verifier, 'verifySession'>,
  { onRefused = toHonoResponse }: RequireHonoSessionOptions<Context> = {},
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

function toHonoResponse(refusal: Refused): Response {
  const { status, headers, body } = answerRefusal(refusal);
  return new Response(body, { status, headers });
}

export interface RefusalAnswer {
  /** 401 if the token is at fault, 503 if the bridge did not answer. */
  readonly status: 401 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON: `{"error": code}`. */
  readonly body: string;
}

/** A challenge of RFC 6750 section 3, or Retry-After five seconds. Contains nothing of the request. */
export function answerRefusal({ code }: Refused): RefusalAnswer {
  const isOurs = code === 'keys_unavailable' || code === 'revocations_stale';
  // RFC 6750 section 3: a request without a token gets no error code.
  const error = code === 'token_missing' ? '' : ', error="invalid_token"';
  return {
    status: isOurs ? 503 : 401,
    headers: {
      ...(isOurs ? { 'retry-after': '5' } : { 'www-authenticate': `Bearer realm="session"${error}` }),
      'content-type': 'application/json',
      'cache-control': 'no-store',
    },
    body: JSON.stringify({ error: code }),
  };
}

/** Beside the request, not on it, so that no other plug-in can set the same property. */
const sessions = new WeakMap<object, VerifiedSession>();

/** @param request the framework's argument to handlers: the request of Express and Fastify, the context of Hono */
function keepSession(request: object, session: VerifiedSession): void {
  sessions.set(request, session);
}

/**
 * The claims of the session that a hook of this package accepted.
 * @param request the request of Express or Fastify, the context of Hono
 * @throws TypeError if the request passed no hook: the route is not guarded
 */
export function sessionOf(request: object): VerifiedSession {
  const session = sessions.get(request);
  if (session === undefined) throw new TypeError('no session was required on this route');
  return session;
}
