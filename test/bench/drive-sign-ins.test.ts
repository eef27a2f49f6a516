// Loads and fault runs use these three: the stub of Clever, the driver, and a district published for it. Here they
// run against a real bridge, so that they measure real sign-ins.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrive, createDriver, type Driver, sideBySide } from '../../bench/drive-sign-ins.ts';
import { prepareDistricts } from '../../bench/prepare-district.ts';
import { type StubClever, startStubClever } from '../../bench/stub-clever.ts';
import type { SwitchSettings } from '../../sandbox/clever/switches.ts';
import { type BridgeProcess, startBridgeProcess, until } from '../helpers/bridge-process.ts';
import { findFreePort } from '../helpers/redis-server.ts';

const district = 'juniper-flats';
const students = 5;
const app = { clientId: 'an-app', clientSecret: 'a-secret of it' };

let folder: string;
let clever: StubClever;
let bridge: BridgeProcess;
let driver: Driver;
let authorization: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sso-drive-'));
  clever = await startStubClever(app);
  const store = { STORE_URL: `embedded:${join(folder, 'store')}` };
  ({ authorization } = await prepareDistricts(store, [{ id: district, students }]));
  const port = `${await findFreePort()}`;
  bridge = await startBridgeProcess({
    ...store,
    PORT: port,
    OPS_PORT: '0',
    PUBLIC_URL: `http://localhost:${port}`,
    PRODUCT_URL: 'http://localhost:4000',
    CLEVER_ISSUER: clever.url,
    CLEVER_API_URL: clever.url,
    LIMITS: 'off',
    CLEVER_CLIENT_ID: app.clientId,
    CLEVER_CLIENT_SECRET: app.clientSecret,
  });
  driver = createDriver({ bridges: [bridge.url] });
}, 300_000);
afterEach(() => clever.switches.clear());
afterAll(async () => {
  await driver.close();
  await bridge.stop();
  await clever.close();
  rmSync(folder, { recursive: true, force: true });
});

const isLive = async (token = '') =>
  (await fetch(`${bridge.url}/session`, { headers: { authorization: `Bearer ${token}` } })).status === 200;

it.each(['login', 'portal'] as const)('a sign-in from %s opens a session that lives', async (from) => {
  const done = await driver.signIn({ district, number: 0 }, { from });
  expect(done).toMatchObject({ outcome: 'signed-in', sid: expect.any(String), token: expect.any(String) });
  expect(done.ms).toBeGreaterThan(done.callbackMs);
  expect(await isLive(done.token)).toBe(true);
});

it('a sign-in with an earlier session ends that one', async () => {
  const first = await driver.signIn({ district, number: 0 });
  const second = await driver.signIn({ district, number: 1 }, { session: first.token ?? '' });
  expect([await isLive(first.token), await isLive(second.token)]).toEqual([false, true]);
});

it('names the refusal of a student who is not in the roster', async () => {
  expect((await driver.signIn({ district, number: students })).outcome).toBe('not_rostered');
  expect((await driver.signIn({ district: 'port-wexley', number: 0 })).outcome).toBe('district_not_linked');
});

it('prepares a credential of the product', async () => {
  const { token = '' } = await driver.signIn({ district, number: 0 });
  const body = new URLSearchParams({ token });
  const answer = await fetch(`${bridge.url}/oauth/introspect`, { method: 'POST', headers: { authorization }, body });
  expect(await answer.json()).toMatchObject({ active: true, district });
});

it.each<[string, SwitchSettings, string]>([
  ['a wrong nonce', { idToken: { forge: 'wrong-nonce' } }, 'clever_rejected'],
  ['a wrong issuer', { idToken: { forge: 'wrong-issuer' } }, 'clever_rejected'],
  ['a wrong audience', { idToken: { forge: 'wrong-audience' } }, 'clever_rejected'],
  ['no signature', { idToken: { forge: 'alg-none' } }, 'clever_rejected'],
  ['the public key as a secret', { idToken: { forge: 'hs256-with-public-key' } }, 'clever_rejected'],
  ['a bad signature', { idToken: { forge: 'bad-signature' } }, 'clever_rejected'],
  ['an expired token', { idToken: { forge: 'expired' } }, 'clever_rejected'],
  ['a closed connection', { drop: { on: ['token'] } }, 'clever_unavailable'],
  ['an outage', { fail: { on: ['token'] } }, 'clever_unavailable'],
  ['garbage', { html: { on: ['token'] } }, 'clever_unavailable'],
  ['a refused client', { invalidClient: {} }, 'clever_misconfigured'],
])('sees what becomes of %s', async (_what, settings, outcome) => {
  clever.switches.set(settings);
  expect((await driver.signIn({ district, number: 0 })).outcome).toBe(outcome);
});

it('accepts no connection for a while when HTTP asks for it', async () => {
  const turn = { method: 'PUT', body: JSON.stringify({ refuseMs: 300 }) };
  expect((await fetch(`${clever.url}/sandbox/switches`, turn)).status).toBe(200);
  const isUp = () =>
    fetch(`${clever.url}/oauth/certs`).then(
      ({ status }) => status === 200,
      () => false,
    );
  await until(async () => !(await isUp()), 'the stub to be gone');
  expect((await driver.signIn({ district, number: 0 })).outcome).toBe('not-listening');
  await until(isUp, 'the stub to be back');
  expect((await driver.signIn({ district, number: 0 })).outcome).toBe('signed-in');
});

it('gives a code for one exchange only, to its own client, with its own verifier', async () => {
  const address = new URL(`${clever.url}/oauth/authorize?client_id=${app.clientId}&student=${district}.0`);
  address.searchParams.set('redirect_uri', 'http://localhost:1/back');
  address.searchParams.set('code_challenge', 'no-hash-of-anything');
  const { headers } = await fetch(address, { redirect: 'manual' });
  const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
  const redeem = async (secret: string) => {
    const authorization = `Basic ${Buffer.from(`${app.clientId}:${encodeURIComponent(secret)}`).toString('base64')}`;
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'http://localhost:1/back',
      code_verifier: 'x',
    };
    const init = { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) };
    return Object(await (await fetch(`${clever.url}/oauth/tokens`, init)).json()).error;
  };
  expect([await redeem('wrong'), await redeem(app.clientSecret)]).toEqual(['invalid_client', 'invalid_grant']);
});

it('drives many side by side, and others that arrive whether or not the earlier are done', async () => {
  const outcomes: string[] = [];
  const signIn = async (number: number) =>
    void outcomes.push((await driver.signIn({ district, number: number % students })).outcome);
  await sideBySide(Array(12).keys(), 4, signIn);
  expect(await arrive({ perSecond: 50, seconds: 0.2, most: 100 }, signIn)).toEqual({ begun: 10, turnedAway: 0 });
  expect(outcomes).toEqual(Array(22).fill('signed-in'));
});
