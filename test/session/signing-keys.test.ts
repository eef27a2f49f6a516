// Signing keys: one first key for all servers, and a rotation without an effect on verifiers.
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createSessionTokens } from '../../src/session/session-token.ts';
import { createSigningKeys, jwksLifeSeconds, keyMaxAgeDays, type SigningKeys } from '../../src/session/signing-keys.ts';
import { openVault } from '../../src/store/vault.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { audience, issuer, sessionTtlSeconds, storeKey } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';
import { claimsFor } from './claims.ts';

describe.each(engines)('signing keys in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let clock: MovableClock;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(() => {
    place = storeFixture.place();
    clock = createClock();
  });
  afterAll(() => storeFixture.stop());

  async function server(): Promise<SigningKeys> {
    const store = await place.open();
    return createSigningKeys(store, await openVault(store, [storeKey('one')], clock), { sessionTtlSeconds, clock });
  }

  const kidsOf = async (keys: SigningKeys) => (await keys.jwks()).keys.map(({ kid }) => kid);
  const tokensOf = (keys: SigningKeys) => createSessionTokens(keys, { issuer, audience, clock });

  it('are one key for servers that start at the same time', async () => {
    const servers = await Promise.all(Array.from({ length: 6 }, server));
    const kids = await Promise.all(servers.map(async (keys) => (await keys.current()).kid));
    expect(new Set(kids).size).toBe(1);
  });

  it('are published without their private part', async () => {
    const keys = await server();
    const [key] = (await keys.jwks()).keys;
    expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(key).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' });
  });

  it('publish the next key at once and sign with it only after a cache life of the JWKS', async () => {
    const [one, other] = [await server(), await server()];
    const first = (await one.current()).kid;
    const rotated = await one.rotate();
    expect(rotated.kind).toBe('done');
    const next = rotated.key.kid;
    clock.advance(1);
    for (const keys of [one, other]) {
      expect(await kidsOf(keys)).toEqual([first, next]);
      expect((await keys.current()).kid).toBe(first);
    }
    clock.advance(jwksLifeSeconds - 2);
    expect((await other.current()).kid).toBe(first);
    clock.advance(Date.parse(rotated.key.signs_from) / 1000 - clock() / 1000);
    for (const keys of [one, other]) expect((await keys.current()).kid).toBe(next);
  });

  it('give a verifier that fetched just before the rotation a cache life before the new key signs', async () => {
    const [one, other] = [await server(), await server()];
    await kidsOf(other);
    const rotated = await one.rotate();
    // The other server may still serve what it read just before.
    clock.advance(0.49);
    const stale = await kidsOf(other);
    const expiresAt = clock() + jwksLifeSeconds * 1000;
    if (!stale.includes(rotated.key.kid)) expect(Date.parse(rotated.key.signs_from)).toBeGreaterThanOrEqual(expiresAt);
  });

  it('keep the old key until its last token has expired, and drop it then', async () => {
    const keys = await server();
    const first = (await keys.current()).kid;
    const rotated = await keys.rotate();
    const waitSeconds = (Date.parse(rotated.key.signs_from) - clock()) / 1000;
    clock.advance(waitSeconds - 1);
    const lastToken = await tokensOf(keys).issue(claimsFor(clock));
    clock.advance(sessionTtlSeconds - 1);
    expect(await kidsOf(keys)).toContain(first);
    expect(await tokensOf(keys).verify(lastToken)).toBeDefined();
    expect((await keys.list()).map(({ status }) => status)).toEqual(['retiring', 'current']);
    clock.advance(120);
    expect(await kidsOf(keys)).toEqual([rotated.key.kid]);
    expect(await tokensOf(keys).verify(lastToken)).toBeUndefined();
  });

  it('verify tokens of old and new by the published set alone while they change', async () => {
    const keys = await server();
    const before = await tokensOf(keys).issue(claimsFor(clock));
    await keys.rotate();
    clock.advance(jwksLifeSeconds + 60);
    const after = await tokensOf(keys).issue(claimsFor(clock));
    const published = createLocalJWKSet({ keys: [...(await keys.jwks()).keys] });
    for (const token of [before, after]) {
      const options = { issuer, audience, typ: 'session+jwt', currentDate: new Date(clock()) };
      await expect(jwtVerify(token, published, options)).resolves.toBeDefined();
    }
  });

  it('refuse a second rotation while a next key waits, and take it afterwards', async () => {
    const keys = await server();
    const rotated = await keys.rotate();
    expect(await keys.rotate()).toMatchObject({ kind: 'refused', code: 'rotation_under_way', key: rotated.key });
    clock.advance(jwksLifeSeconds + 60);
    expect((await keys.rotate()).kind).toBe('done');
    expect((await keys.list()).map(({ status }) => status)).toEqual(['retiring', 'current', 'next']);
  });

  it('are rotated by age, once by however many servers, and the next key waits a cache life', async () => {
    const [one, other] = [await server(), await server()];
    const first = (await one.current()).kid;
    clock.advance(keyMaxAgeDays * 86_400 - 1);
    expect(await one.rotateByAge()).toBeUndefined();
    clock.advance(1);
    const rotated = await Promise.all([one.rotateByAge(), other.rotateByAge(), one.rotateByAge()]);
    expect(rotated.filter((key) => key !== undefined)).toHaveLength(1);
    clock.advance(1);
    expect([(await one.current()).kid, (await kidsOf(other)).length]).toEqual([first, 2]);
    clock.advance(jwksLifeSeconds + 1);
    expect((await other.current()).kid).not.toBe(first);
    expect(await other.rotateByAge()).toBeUndefined();
  });

  it('that are compromised are withdrawn at once, with what they signed and any next one', async () => {
    const [one, other] = [await server(), await server()];
    const token = await tokensOf(other).issue(claimsFor(clock));
    await one.rotate();
    const { kid, status } = await one.dangerouslyReplaceAll();
    expect(status).toBe('current');
    clock.advance(0.5);
    for (const keys of [one, other]) {
      expect([(await keys.current()).kid, await kidsOf(keys)]).toEqual([kid, [kid]]);
      expect(await tokensOf(keys).verify(token)).toBeUndefined();
    }
  });

  it('take one of two rotations that happen at the same time', async () => {
    const [one, other] = [await server(), await server()];
    await one.current();
    const results = await Promise.all([one.rotate(), other.rotate()]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect(new Set(results.map(({ key }) => key.kid)).size).toBe(1);
  });
});
