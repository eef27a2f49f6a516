// Whole sign-ins as fast as a program can play them: start at the bridge, be sent to the stub of Clever and back, get a
// session or a refusal. Kept-alive connections, bounded time, no page and no redirect beyond the callback.
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { Agent, type Dispatcher } from 'undici';
import { texts } from '../src/outcome/languages.ts';
import { type Student, spellStudent } from './students.ts';

export interface DriverOptions {
  /** Where the bridges listen; they share one PUBLIC_URL. */
  readonly bridges: readonly string[];
  /** Sockets to each server at most. */
  readonly connections?: number;
  /** For one sign-in as a whole. Milliseconds. */
  readonly deadlineMs?: number;
}

export interface SignInOptions {
  /** Which bridge is asked: one for all, or one for the start and one for the callback. */
  readonly at?: number | readonly [start: number, callback: number];
  /** `portal`: arrives without a state, as Clever's portal sends people. */
  readonly from?: 'login' | 'portal';
  /** The token of the session that the browser has so far. */
  readonly session?: string;
  readonly returnTo?: string;
  /** As a proxy in front of the bridge would forward it. */
  readonly address?: string;
  /** The name that the bridge gave this browser. */
  readonly browser?: string;
  /** What is asked for. A program's by default: pages are larger, and their code is read off the heading. */
  readonly accept?: string;
  /** How long the person is away at Clever. Milliseconds. */
  readonly awayMs?: number;
  /** Loads the address of the callback once more when signed in. */
  readonly reloads?: boolean;
}

export interface SignInResult {
  /** `signed-in`, a code of a refusal, `late`, `not-listening` or `unanswered`; `status-N` for anything else. */
  readonly outcome: string;
  /** Milliseconds in all, of the start, and of the callback, which is 0 for who was refused before. */
  readonly ms: number;
  readonly startMs: number;
  readonly callbackMs: number;
  /** What the reload was answered. */
  readonly reloadStatus?: number;
  readonly token?: string;
  readonly sid?: string;
  /** What a refusal said beside its code. */
  readonly refusal?: Refusal;
}

export interface Refusal {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly reference: string | undefined;
}

export interface Driver {
  signIn(student: Student, options?: SignInOptions): Promise<SignInResult>;
  close(): Promise<void>;
}

type Answered = Dispatcher.ResponseData['headers'];

const sessionCookie = 'summit_session';
const browserCookie = 'summit_browser';

export function createDriver({ bridges, connections = 64, deadlineMs = 60_000 }: DriverOptions): Driver {
  // Long by the steps of one sign-in over the same connections; each is short.
  const agent = new Agent({ connections, pipelining: 1, keepAliveTimeout: 30_000 });

  async function ask(url: URL, cookies: ReadonlyMap<string, string>, signal: AbortSignal, options: SignInOptions) {
    const { address, accept = 'application/problem+json' } = options;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      signal,
      headers: {
        accept,
        ...(cookie === '' ? {} : { cookie }),
        ...(address === undefined ? {} : { 'x-forwarded-for': address }),
      },
    });
    const body = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, body };
  }

  async function play(
    student: Student,
    options: SignInOptions,
    signal: AbortSignal,
  ): Promise<Omit<SignInResult, 'ms'>> {
    const { at = 0, from = 'login', session, returnTo, awayMs = 0, reloads = false } = options;
    const [startAt, callbackAt] = typeof at === 'number' ? [at, at] : at;
    const jar = new Map([
      ...(session === undefined ? [] : [[sessionCookie, session] as const]),
      ...(options.browser === undefined ? [] : [[browserCookie, options.browser] as const]),
    ]);
    const back = returnTo === undefined ? '' : `?return_to=${encodeURIComponent(returnTo)}`;
    const path = from === 'login' ? `/login${back}` : '/oauth/clever/callback?code=of-a-portal';

    const beganAt = performance.now();
    const begun = await ask(new URL(path, bridges[startAt]), jar, signal, options);
    const startMs = performance.now() - beganAt;
    if (begun.status !== 302) return { ...readRefusal(begun), startMs, callbackMs: 0 };
    keepCookies(jar, begun.headers);
    const authorize = new URL(String(begun.headers['location']));
    authorize.searchParams.set('student', spellStudent(student));
    if (awayMs > 0) await sleep(awayMs, undefined, { signal });
    const vouched = await ask(authorize, new Map(), signal, {});
    if (vouched.status !== 302) return { outcome: `clever-status-${vouched.status}`, startMs, callbackMs: 0 };
    const { pathname, search } = new URL(String(vouched.headers['location']));
    const callback = new URL(pathname + search, bridges[callbackAt]);

    const cameBackAt = performance.now();
    const answered = await ask(callback, jar, signal, options);
    keepCookies(jar, answered.headers);
    // The page of a refusal has an address of its own.
    const isRefused = answered.headers['location'] === '/refused';
    const ended = isRefused ? await ask(new URL('/refused', callback), jar, signal, options) : answered;
    const times = { startMs, callbackMs: performance.now() - cameBackAt };
    const token = jar.get(sessionCookie);
    if (ended.status !== 303 || token === undefined || token === session) {
      return { ...readRefusal(ended), ...times };
    }
    const again = reloads ? { reloadStatus: (await ask(callback, jar, signal, options)).status } : {};
    return { outcome: 'signed-in', ...times, ...again, token, sid: String(decodeJwt(token)['sid']) };
  }

  return {
    async signIn(student, options = {}) {
      const startedAt = performance.now();
      const signal = AbortSignal.timeout(deadlineMs);
      const played = await play(student, options, signal).catch((failure: unknown) => ({
        outcome: signal.aborted ? 'late' : nameBroken(failure),
        startMs: 0,
        callbackMs: 0,
      }));
      return { ...played, ms: performance.now() - startedAt };
    },
    close: () => agent.destroy(),
  };
}

function keepCookies(jar: Map<string, string>, { 'set-cookie': lines = [] }: Answered): void {
  for (const line of [lines].flat()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  }
}

function readRefusal({ status, headers, body }: { status: number; headers: Answered; body: string }) {
  const problem = readObject(body);
  const retryAfter = headers['retry-after'];
  const refusal: Refusal = {
    status,
    retryAfter: retryAfter === undefined ? undefined : String(retryAfter),
    reference: typeof problem['reference'] === 'string' ? problem['reference'] : undefined,
  };
  const code = problem['code'] ?? codeOfPage(body);
  return { outcome: String(code ?? `status-${status}`), refusal };
}

function readObject(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}

/** In English. A heading belongs to one code alone. */
function codeOfPage(html: string): string | undefined {
  const [, heading = ''] = /<h1>(.*?)<\/h1>/.exec(html) ?? [];
  return codesByHeading.get(heading);
}

const codesByHeading = new Map(
  Object.entries(texts.en.codes).flatMap(([code, { child, adult }]) =>
    [child, adult].map(({ heading }) => [heading, code] as const),
  ),
);

/** Distinguishes a refused connection from one that broke. */
const nameBroken = (failure: unknown): string =>
  Object(failure).code === 'ECONNREFUSED' ? 'not-listening' : 'unanswered';

/** A closed model: so many at once, each begins the next item when one is done. */
export async function sideBySide<Item>(
  items: Iterable<Item>,
  workers: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const rest = { [Symbol.iterator]: () => queue };
  const run = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, run));
}

export interface Arrivals {
  readonly perSecond: number;
  readonly seconds: number;
  /** The most at once: arrivals above that count as turned away. */
  readonly most: number;
}

/**
 * An open model: people arrive whether or not the earlier ones are done.
 * @param work gets the time when it was due (performance.now), so that a late driver does not make the times look better
 */
export async function arrive(
  { perSecond, seconds, most }: Arrivals,
  work: (count: number, dueAt: number) => Promise<void>,
): Promise<{ readonly begun: number; readonly turnedAway: number }> {
  const startedAt = performance.now();
  const total = Math.floor(perSecond * seconds);
  const running = new Set<Promise<void>>();
  let due = 0;
  let turnedAway = 0;
  while (due < total) {
    const until = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
    for (; due < until; due += 1) {
      if (running.size >= most) turnedAway += 1;
      else follow(work(due, startedAt + (due / perSecond) * 1000));
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(running);
  return { begun: total - turnedAway, turnedAway };

  function follow(one: Promise<void>): void {
    running.add(one);
    void one.finally(() => running.delete(one));
  }
}
