// One GET to Clever's Data API: limited in time and size, follows no redirect, returns JSON or a one-word failure.
// Knows no token, page or retry; data-api-repeat.ts decides about retries.
import type { Dispatcher } from 'undici';
import { DataApiFailure, type DataApiReason } from '../secure-sync/ports.ts';
import { inSpan } from '../trace/request-context.ts';
import type { Span } from '../trace/span.ts';
import { createBoundedAgent, nameNetworkError, type OutgoingProxy, type Received, receive } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { readBody, unpacked } from './read-body.ts';
import { CleverFailure } from './refusal.ts';

/** A page of a thousand sections with all their students is some 2 MB; 10,000 full student records some 30 MB. */
const maxAnswerBytes = 64 * 1024 * 1024;

export interface RateLimit {
  /** Requests left in Clever's rate limit window. */
  readonly remaining: number | undefined;
  /** Until the window ends, milliseconds. */
  readonly resetMs: number | undefined;
}

export interface DataApiAnswer {
  readonly status: number;
  /** `undefined` if the status is not 200. */
  readonly json: unknown;
  readonly rateLimit: RateLimit;
}

export interface DataApiHttp {
  /**
   * @returns statuses 200, 401, 403, 404 and 429, which callers interpret
   * @throws DataApiFailure for everything else
   */
  get(url: URL, authorization: string, signal: AbortSignal): Promise<DataApiAnswer>;
  close(): Promise<void>;
}

const expectedStatuses = new Set([200, 401, 403, 404, 429]);

interface DataApiHttpOptions {
  /** Timeout of one call. */
  readonly callMs: number;
  readonly connections: number;
  readonly proxy?: OutgoingProxy | undefined;
}

export function createDataApiHttp({ callMs, connections, proxy }: DataApiHttpOptions): DataApiHttp {
  const agent = createBoundedAgent({ timeoutMs: callMs, connections, maxBytes: maxAnswerBytes, proxy });
  return {
    get: (url, authorization, signal) =>
      inSpan(
        'clever data-api',
        factsOf(url),
        (note) => get(agent, { url, authorization, signal, callMs, note }),
        reasonIn,
      ),
    close: () => agent.destroy(),
  };
}

interface Get {
  readonly url: URL;
  readonly authorization: string;
  readonly signal: AbortSignal;
  readonly callMs: number;
  readonly note: Span['note'];
}

async function get(agent: Dispatcher, { url, authorization, signal, callMs, note }: Get): Promise<DataApiAnswer> {
  try {
    return await withDeadline(callMs, async (deadline) => {
      const either = AbortSignal.any([deadline, signal]);
      const headers = { authorization, accept: 'application/json', ...unpacked };
      const path = url.pathname + url.search;
      const answer = await receive(agent, { origin: url.origin, path, method: 'GET', headers }, either);
      note({ 'http.response.status_code': answer.status });
      return await readAnswer(answer);
    });
  } catch (error) {
    throw signal.aborted ? new DataApiFailure('stopped') : toFailure(error);
  }
}

/** For a span, without the path, which contains ids. */
const factsOf = ({ hostname }: URL) => ({ 'http.request.method': 'GET', 'server.address': hostname });

const reasonIn = (failure: unknown): string => (failure instanceof DataApiFailure ? failure.reason : 'unknown');

async function readAnswer({ status, headers, body }: Received): Promise<DataApiAnswer> {
  const text = await readBody({ headers, body }, maxAnswerBytes);
  if (!expectedStatuses.has(status)) throw new DataApiFailure(nameStatus(status));
  const json = status === 200 ? parse(text) : undefined;
  return { status, json, rateLimit: readRateLimit(headers) };
}

function nameStatus(status: number): DataApiReason {
  if (status >= 500) return 'status-5xx';
  return status >= 300 && status < 400 ? 'redirect' : 'unexpected-status';
}

/** Responses to a wrong token and maintenance pages may be HTML, even with status 200 (dev.clever.com, API errors). */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DataApiFailure('not-json');
  }
}

/**
 * `X-RateLimit-Reset` is Unix seconds (dev.clever.com, rate limiting; also seen on responses within the limit). Counted
 * from the response's own `Date`, so that a clock difference to Clever does not matter.
 */
function readRateLimit(headers: Dispatcher.ResponseData['headers']): RateLimit {
  const numberOf = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
  };
  const reset = numberOf('x-ratelimit-reset');
  const date = Date.parse(String(headers['date']));
  const now = Number.isNaN(date) ? Date.now() : date;
  return {
    remaining: numberOf('x-ratelimit-remaining'),
    resetMs: reset === undefined ? undefined : Math.max(0, reset * 1000 - now),
  };
}

function toFailure(error: unknown): unknown {
  if (error instanceof DataApiFailure) return error;
  const reason = error instanceof CleverFailure ? error.reason : nameNetworkError(error);
  return reason === undefined ? error : new DataApiFailure(reasonOf(reason));
}

/** Reasons that occur only in sign-in calls are mapped to an invalid response. */
function reasonOf(reason: CleverFailure['reason']): DataApiReason {
  switch (reason) {
    case 'timeout':
    case 'refused-connection':
    case 'reset':
    case 'no-address':
    case 'untrusted-certificate':
    case 'connection-failed':
    case 'not-http':
    case 'too-large':
    case 'not-json':
      return reason;
    default:
      return 'unexpected-status';
  }
}
