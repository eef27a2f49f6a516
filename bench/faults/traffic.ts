// What goes on while something breaks: people sign in and do not wait for each other, the product asks about sessions and
// ends some, and probes the servers. Keeps what was seen; judges nothing.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { arrive, createDriver, type SignInResult } from '../drive-sign-ins.ts';
import type { Student } from '../students.ts';

export interface SeenSignIn extends SignInResult {
  readonly student: Student;
  /** performance.now() when it began. */
  readonly at: number;
  readonly sub?: string;
}

/** One answer of a probe: `status` 0 for none. */
export interface SeenAnswer {
  readonly at: number;
  readonly ms: number;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfter: string | null;
  /** The sign-in whose session was asked about. */
  readonly about?: SeenSignIn;
}

export interface Seen {
  readonly signIns: readonly SeenSignIn[];
  /** Of `GET /livez`, `GET /readyz`, `GET /session` and `POST /oauth/introspect`, of every bridge. */
  readonly livez: readonly SeenAnswer[];
  readonly readyz: readonly SeenAnswer[];
  readonly sessions: readonly SeenAnswer[];
  readonly introspections: readonly SeenAnswer[];
  /** Whose ending was acknowledged; whose was asked for at all. */
  readonly ended: ReadonlySet<SeenSignIn>;
  readonly toEnd: ReadonlySet<SeenSignIn>;
  /** Sign-ins under way at once, at most. */
  readonly most: number;
  /** The longest that this process, which shares the machine, could not do what was due. Milliseconds. */
  readonly machineMs: number;
}

export interface TrafficOptions {
  readonly bridges: readonly { readonly url: string; readonly opsUrl: string }[];
  readonly authorization: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly studentOf: (count: number) => Student;
}

const probeEveryMs = 100;
const maxAnswerMs = 10_000;

export async function runTraffic(options: TrafficOptions): Promise<Seen> {
  // One run: arrivals, endings and probes over what was seen.
  const { bridges, authorization, perSecond, seconds, studentOf } = options;
  const driver = createDriver({ bridges: bridges.map(({ url }) => url), connections: 512, deadlineMs: 20_000 });
  const signIns: SeenSignIn[] = [];
  const alive: SeenSignIn[] = [];
  const ended = new Set<SeenSignIn>();
  const toEnd = new Set<SeenSignIn>();
  const probed = { livez: [], readyz: [], sessions: [], introspections: [] } satisfies Record<string, SeenAnswer[]>;
  let running = 0;
  let most = 0;
  let isOver = false;

  async function signIn(count: number): Promise<void> {
    const student = studentOf(count);
    const at = performance.now();
    running += 1;
    most = Math.max(most, running);
    // Half of all begin at one server and come back to another.
    const start = count % bridges.length;
    const callback = (start + (Math.floor(count / bridges.length) % 2)) % bridges.length;
    const result = await driver.signIn(student, { at: [start, callback] });
    running -= 1;
    const sub = result.token === undefined ? {} : { sub: String(decodeJwt(result.token).sub) };
    const seen: SeenSignIn = { ...result, ...sub, student, at };
    signIns.push(seen);
    if (result.outcome === 'signed-in') alive.push(seen);
  }

  const anyAlive = () => {
    const one = alive[Math.floor(Math.random() * alive.length)];
    return one === undefined || toEnd.has(one) ? undefined : one;
  };
  const probe = async (list: SeenAnswer[], address: string, init: RequestInit = {}, about?: SeenSignIn) => {
    const seen = await ask(address, init);
    list.push(about === undefined ? seen : { ...seen, about });
    return seen;
  };
  const form = (token: string): RequestInit => ({
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ token }),
  });

  /** Each probe begins on time, whether the last has been answered or not. */
  async function probeServer(opsUrl: string, url: string): Promise<void> {
    const probes: Promise<unknown>[] = [];
    for (let turn = 0; !isOver; turn += 1) {
      probes.push(probe(probed.livez, `${opsUrl}/livez`), probe(probed.readyz, `${opsUrl}/readyz`));
      const one = anyAlive();
      const headers = { authorization: `Bearer ${one?.token}` };
      if (one !== undefined) probes.push(probe(probed.sessions, `${url}/session`, { headers }, one));
      const other = anyAlive();
      if (other !== undefined)
        probes.push(probe(probed.introspections, `${url}/oauth/introspect`, form(other.token ?? ''), other));
      if (turn % 3 === 0) probes.push(end(url));
      await sleep(probeEveryMs);
    }
    await Promise.all(probes);
  }

  async function end(url: string): Promise<void> {
    const one = anyAlive();
    if (one === undefined) return;
    toEnd.add(one);
    const { status } = await ask(`${url}/oauth/revoke`, form(one.token ?? ''));
    if (status === 200) ended.add(one);
  }

  const machine = monitorEventLoopDelay();
  machine.enable();
  const probing = bridges.map(({ opsUrl, url }) => probeServer(opsUrl, url));
  await arrive({ perSecond, seconds, most: 5_000 }, signIn);
  isOver = true;
  await Promise.all(probing);
  await driver.close();
  return { signIns, ...probed, ended, toEnd, most, machineMs: Math.round(machine.max / 1e6) };
}

/** Never rejects. */
export async function ask(address: string, init: RequestInit = {}, patienceMs = maxAnswerMs): Promise<SeenAnswer> {
  const at = performance.now();
  const took = () => performance.now() - at;
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const answer = await fetch(address, { ...init, signal, headers: { accept: 'application/json', ...init.headers } });
    const text = await answer.text();
    const body = Object(text.startsWith('{') ? JSON.parse(text) : {});
    return { at, ms: took(), status: answer.status, body, retryAfter: answer.headers.get('retry-after') };
  } catch {
    return { at, ms: took(), status: 0, body: {}, retryAfter: null };
  }
}
