// One HTTP call to Clever: limited in time and size, follows no redirect, passes the breaker, returns JSON or a
// failure. Does not know OpenID Connect; callers interpret the JSON or a refusal (4xx).
import type { Dispatcher } from 'undici';
import { remember } from '../store/remember.ts';
import { inSpan, keepContext } from '../trace/request-context.ts';
import { createBreaker } from './breaker.ts';
import { createBoundedAgent, nameNetworkError, type OutgoingProxy, receive } from './connection.ts';
import { readBody, unpacked } from './read-body.ts';
import { CleverFailure, type CleverReason, type OutageReason } from './refusal.ts';

type Endpoint = 'discovery' | 'keys' | 'token';

/**
 * An event of the traffic with Clever, for the log and the metrics. Words and numbers only: there is no field for an
 * address, code, token, claim or secret.
 */
export type CleverEvent =
  | {
      readonly kind: 'call';
      readonly endpoint: Endpoint;
      /** `answered` also for a rejected code: Clever works. */
      readonly outcome: 'answered' | CleverReason;
      readonly durationMs: number;
    }
  | { readonly kind: 'breaker'; readonly state: 'open' | 'closed' }
  /** A refresh failed and the last good answer stays in use. */
  | {
      readonly kind: 'kept';
      readonly endpoint: 'discovery' | 'keys';
      readonly reason: CleverReason;
      readonly ageSeconds: number;
    };

const maxAnswerBytes = 1024 * 1024;

interface CleverRequest {
  readonly endpoint: Endpoint;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Status 200 with an object, or a refusal from the token endpoint: 4xx with any body. */
export interface CleverAnswer {
  readonly status: number;
  /** `undefined` if the body of a refusal is not a JSON object. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export interface CleverHttp {
  /** @throws CleverFailure for every failure of Clever */
  call(request: CleverRequest, signal: AbortSignal): Promise<CleverAnswer>;
  /** The result of the latest call. */
  health(): 'unknown' | 'up' | 'down';
  close(): Promise<void>;
}

interface CleverHttpOptions {
  readonly deadlineMs: number;
  /** Maximum sockets to one host; more calls wait for a free one, within their deadline. */
  readonly connections: number;
  readonly clock: () => number;
  readonly proxy?: OutgoingProxy | undefined;
  readonly onEvent: (event: CleverEvent) => void;
}

export function createCleverHttp({ deadlineMs, connections, clock, proxy, onEvent }: CleverHttpOptions): CleverHttp {
  const agent = createBoundedAgent({ timeoutMs: deadlineMs, connections, maxBytes: maxAnswerBytes, proxy });
  const breaker = createBreaker(clock, (state) => onEvent({ kind: 'breaker', state }));
  let health: 'unknown' | 'up' | 'down' = 'unknown';

  return {
    async call(request, signal) {
      if (!breaker.admit()) throw new CleverFailure('breaker-open');
      const startedAt = performance.now();
      const resume = keepContext();
      const result = await sendInSpan(agent, request, signal);
      const failed = result instanceof CleverFailure;
      health = failed ? 'down' : 'up';
      resume(() => {
        breaker.report(failed ? 'failed' : 'answered');
        onEvent({
          kind: 'call',
          endpoint: request.endpoint,
          outcome: failed ? result.reason : 'answered',
          durationMs: Math.round(performance.now() - startedAt),
        });
      });
      if (failed) throw result;
      return result;
    },
    health: () => health,
    close: () => agent.close(),
  };
}

/** A refusal by Clever is a return value here, so it is set on the span explicitly. */
function sendInSpan(agent: Dispatcher, request: CleverRequest, signal: AbortSignal) {
  const facts = { 'http.request.method': request.method, 'server.address': placeOf(request.url).hostname };
  return inSpan(`clever ${request.endpoint}`, facts, async (note) => {
    const result = await send(agent, request, signal);
    note(
      result instanceof CleverFailure
        ? { 'error.type': result.reason }
        : { 'http.response.status_code': result.status },
    );
    return result;
  });
}

async function send(
  agent: Dispatcher,
  request: CleverRequest,
  signal: AbortSignal,
): Promise<CleverAnswer | CleverFailure> {
  const received = await ask(agent, request, signal);
  return received instanceof CleverFailure ? received : readAnswer(request.endpoint, received.status, received.text);
}

async function ask(agent: Dispatcher, request: CleverRequest, signal: AbortSignal) {
  const { origin, path } = placeOf(request.url);
  const { method, headers, body } = request;
  try {
    const own = { ...unpacked, 'user-agent': 'summit-k12-sso-bridge' };
    const options = { origin, path, method, headers: { ...headers, ...own }, body: body ?? null };
    const answer = await receive(agent, options, signal);
    return { status: answer.status, text: await readBody(answer, maxAnswerBytes) };
  } catch (error) {
    if (error instanceof CleverFailure) return error;
    const reason = nameNetworkError(error);
    if (reason === undefined) throw error;
    return new CleverFailure(reason);
  }
}

/** One of the three URLs in Clever's metadata. */
const placeOf = remember(16, (url) => {
  const { origin, pathname, search, hostname } = new URL(url);
  return { origin, path: pathname + search, hostname };
});

function readAnswer(endpoint: Endpoint, status: number, text: string): CleverAnswer | CleverFailure {
  const outage = nameStatus(endpoint, status);
  if (outage !== undefined) return new CleverFailure(outage);
  const json = parseObject(text);
  if (status === 200 && json === undefined) return new CleverFailure('not-json');
  return { status, json };
}

function nameStatus(endpoint: Endpoint, status: number): OutageReason | undefined {
  if (status === 200) return undefined;
  if (status >= 500) return 'status-5xx';
  if (status === 429) return 'status-429';
  if (status >= 400) return endpoint === 'token' ? undefined : 'unexpected-status';
  // RFC 6749 has no redirect here; following one would send the client's secret or the request for keys to another
  // host.
  return status >= 300 ? 'redirect' : 'unexpected-status';
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
