// The store loses its data under a running bridge: no user is refused as unknown, and all works when the data are back.
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { bodyOf, problemAccept } from '../helpers/bridge-client.ts';
import { readLine, until } from '../helpers/bridge-process.ts';

const json = { accept: problemAccept };

const readiness = async (fixture: Fixture) => {
  const answer = await fetch(`${fixture.bridge.opsUrl}/readyz`);
  return [answer.status, Object(await answer.json()).store];
};
const faults = (fixture: Fixture) =>
  fixture.bridge.raw
    .map(readLine)
    .flatMap(({ event, fault }) => (String(event).startsWith('store-') ? [fault ?? event] : []));

/** What two people meet: one who is on the way in, one who is in; and a program without a credential that is known. */
async function whileGone(fixture: Fixture, person: string, session: string | undefined) {
  const client = fixture.browser();
  const callback = await client.once(await fixture.toCallback(client, fixture.launchAddress(person)), json);
  expect([callback.status, bodyOf(callback)['code']]).toEqual([503, 'service_unavailable']);
  const headers = { authorization: `Bearer ${session}` };
  expect((await fixture.browser().once(`${fixture.publicUrl}/session`, { headers })).status).toBe(503);
  const credential = { authorization: `Basic ${Buffer.from(`0123456789abcdef:${'x'.repeat(43)}`).toString('base64')}` };
  const asked = await fixture.browser().once(`${fixture.publicUrl}/session/revocations`, { headers: credential });
  expect(asked.status).toBe(503);
}

it('an emptied Redis is noticed with the first request, and forgiven with its data', async () => {
  const fixture = await startFixture({ engine: 'redis' });
  const redis = new Redis(String(fixture.redis?.url));
  try {
    const client = fixture.browser();
    await client.open(fixture.launchAddress('student'));
    const session = client.cookie('summit_session');
    const kept = await Promise.all(
      (await redis.keys('*')).map(async (key) => [key, await redis.dumpBuffer(key)] as const),
    );
    await redis.flushall();
    await whileGone(fixture, 'teacher', session);
    expect(await readiness(fixture)).toEqual([503, 'lost']);
    expect(faults(fixture)).toContain('lost');
    // Data that the bridge made meanwhile must not prevent the restore.
    for (const [key, value] of kept) await redis.restore(key, 0, value, 'REPLACE');
    await until(async () => (await readiness(fixture))[0] === 200, 'the bridge to be ready again');
    expect(faults(fixture).at(-1)).toBe('store-whole');
    expect(isAtProduct(fixture, await fixture.browser().open(fixture.launchAddress('teacher')))).toBe(true);
    const headers = { authorization: `Bearer ${session}` };
    expect((await fixture.browser().once(`${fixture.publicUrl}/session`, { headers })).status).toBe(200);
  } finally {
    redis.disconnect();
    await fixture.stop();
  }
});

it('a folder that is taken away is noticed, and forgiven when it is put back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sso-loss-'));
  const fixture = await startFixture({ engine: 'embedded' });
  const path = fixture.storePath ?? '';
  try {
    const client = fixture.browser();
    await client.open(fixture.launchAddress('student'));
    renameSync(path, join(folder, 'away'));
    await whileGone(fixture, 'teacher', client.cookie('summit_session'));
    expect((await readiness(fixture))[0]).toBe(503);
    renameSync(join(folder, 'away'), path);
    await until(async () => (await readiness(fixture))[0] === 200, 'the bridge to be ready again');
    expect(isAtProduct(fixture, await fixture.browser().open(fixture.launchAddress('teacher')))).toBe(true);
  } finally {
    await fixture.stop();
    rmSync(folder, { recursive: true });
  }
});
