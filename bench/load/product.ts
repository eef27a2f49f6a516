// The product beside a load: `GET /session` and introspections at a steady pace, and afterwards one check of every session
// that was opened.
import { Agent } from 'undici';
import { arrive, sideBySide } from '../drive-sign-ins.ts';
import { sisIdOf } from '../students.ts';
import type { LoadFixture } from './load-fixture.ts';
import type { Seen } from './morning.ts';

export interface Asked {
  readonly ms: number;
  /** 0 for none. */
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Questions {
  readonly tokens: readonly string[];
  /** Of each kind. */
  readonly perSecond: number;
  readonly seconds: number;
}

const agent = new Agent({ connections: 256, pipelining: 1 });

export async function askProduct(fixture: LoadFixture, { tokens, perSecond, seconds }: Questions) {
  const sessions: Asked[] = [];
  const introspections: Asked[] = [];
  await arrive({ perSecond, seconds, most: 10_000 }, async (count) => {
    const token = tokens[count % tokens.length] ?? '';
    await Promise.all([
      askSession(fixture.url, token).then((asked) => sessions.push(asked)),
      introspect(fixture, token).then((asked) => introspections.push(asked)),
    ]);
  });
  return { sessions, introspections };
}

/** Sign-ins without a live session, or with another user's. */
export async function findWronged(fixture: LoadFixture, signedIn: readonly Seen[]): Promise<Seen[]> {
  const wronged: Seen[] = [];
  await sideBySide(signedIn, 16, async (one) => {
    const { status, body } = await askSession(fixture.url, one.result.token ?? '');
    const { account, session } = { account: Object(body['account']), session: Object(body['session']) };
    const isTheirs = account.sis_id === sisIdOf(one.student) && account.district === one.student.district;
    if (status !== 200 || !isTheirs || session.id !== one.result.sid) wronged.push(one);
  });
  return wronged;
}

const askSession = (url: string, token: string) =>
  ask(`${url}/session`, { method: 'GET', headers: { authorization: `Bearer ${token}` } });

const introspect = ({ url, authorization }: LoadFixture, token: string) =>
  ask(`${url}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: `${new URLSearchParams({ token })}`,
  });

async function ask(
  address: string,
  options: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
): Promise<Asked> {
  const { origin, pathname: path } = new URL(address);
  const at = performance.now();
  try {
    const answer = await agent.request({ origin, path, ...options, signal: AbortSignal.timeout(15_000) });
    const body = Object(JSON.parse(await answer.body.text()));
    return { ms: performance.now() - at, status: answer.statusCode, body };
  } catch {
    return { ms: performance.now() - at, status: 0, body: {} };
  }
}
