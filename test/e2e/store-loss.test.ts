// The store's data goes away under a running bridge: nobody is told that they are not known, and all is well when it is back.
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type House, isAtProduct, startHouse } from '../support/bridge.ts';
import { bodyOf, problemAccept } from '../support/bridge-client.ts';
import { readLine, until } from '../support/bridge-process.ts';

const json = { accept: problemAccept };

const readiness = async (house: House) => {
  const answer = await fetch(`${house.bridge.opsUrl}/readyz`);
  return [answer.status, Object(await answer.json()).store];
};
const faults = (house: House) =>
  house.bridge.raw
    .map(readLine)
    .flatMap(({ event, fault }) => (String(event).startsWith('store-') ? [fault ?? event] : []));

/** What two people meet: one who is on the way in, one who is in; and a program without a credential that is known. */
async function whileGone(house: House, person: string, session: string | undefined) {
  const client = house.browser();
  const callback = await client.once(await house.toCallback(client, house.launchAddress(person)), json);
  expect([callback.status, bodyOf(callback)['code']]).toEqual([503, 'service_unavailable']);
  const headers = { authorization: `Bearer ${session}` };
  expect((await house.browser().once(`${house.publicUrl}/session`, { headers })).status).toBe(503);
  const credential = { authorization: `Basic ${Buffer.from(`0123456789abcdef:${'x'.repeat(43)}`).toString('base64')}` };
  const asked = await house.browser().once(`${house.publicUrl}/session/revocations`, { headers: credential });
  expect(asked.status).toBe(503);
}

it('an emptied Redis is noticed with the first request, and forgiven with its data', async () => {
  const house = await startHouse({ engine: 'redis' });
  const redis = new Redis(String(house.redis?.url));
  try {
    const client = house.browser();
    await client.open(house.launchAddress('student'));
    const session = client.cookie('summit_session');
    const kept = await Promise.all(
      (await redis.keys('*')).map(async (key) => [key, await redis.dumpBuffer(key)] as const),
    );
    await redis.flushall();
    await whileGone(house, 'teacher', session);
    expect(await readiness(house)).toEqual([503, 'lost']);
    expect(faults(house)).toContain('lost');
    // What the bridge may have begun anew must not stand in the way of what is brought back.
    for (const [key, value] of kept) await redis.restore(key, 0, value, 'REPLACE');
    await until(async () => (await readiness(house))[0] === 200, 'the bridge to be ready again');
    expect(faults(house).at(-1)).toBe('store-whole');
    expect(isAtProduct(house, await house.browser().open(house.launchAddress('teacher')))).toBe(true);
    const headers = { authorization: `Bearer ${session}` };
    expect((await house.browser().once(`${house.publicUrl}/session`, { headers })).status).toBe(200);
  } finally {
    redis.disconnect();
    await house.stop();
  }
});

it('a folder that is taken away is noticed, and forgiven when it is put back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sso-loss-'));
  const house = await startHouse({ engine: 'embedded' });
  const path = house.storePath ?? '';
  try {
    const client = house.browser();
    await client.open(house.launchAddress('student'));
    renameSync(path, join(folder, 'away'));
    await whileGone(house, 'teacher', client.cookie('summit_session'));
    expect((await readiness(house))[0]).toBe(503);
    renameSync(join(folder, 'away'), path);
    await until(async () => (await readiness(house))[0] === 200, 'the bridge to be ready again');
    expect(isAtProduct(house, await house.browser().open(house.launchAddress('teacher')))).toBe(true);
  } finally {
    await house.stop();
    rmSync(folder, { recursive: true });
  }
});
