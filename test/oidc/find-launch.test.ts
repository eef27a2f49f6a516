import { createFindLaunch } from '../../src/oidc/find-launch.ts';
import { createClients } from '../../src/session/clients.ts';
import { openVault } from '../../src/store/vault.ts';
import { createClock } from '../helpers/clock.ts';
import { storeKey } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';

const issuer = 'https://sso.example';
let storeFixture: StoreFixture;
beforeAll(async () => {
  storeFixture = await embedded.start();
});
afterAll(() => storeFixture.stop());

async function open() {
  const clock = createClock();
  const store = await storeFixture.place().open();
  const clients = createClients(store, await openVault(store, [storeKey('one')]), { clock });
  const put = (id: string, launch: object) =>
    clients.put(id, {
      redirectUris: [`https://${id}.example/callback`],
      initiateLoginUri: `https://${id}.example/login?a=1`,
      ...launch,
    });
  return { clock, clients, put, findLaunch: createFindLaunch({ clients, issuer, clock }) };
}

const addressOf = (id: string) =>
  `https://${id}.example/login?a=1&iss=${encodeURIComponent(issuer)}&target_link_uri=${encodeURIComponent(`https://${id}.example/`)}`;

it('lands at the main product where no client asks for launches', async () => {
  const { put, findLaunch } = await open();
  await put('coach', {});
  expect(await findLaunch('juniper-flats', 'summit-k12')).toBeUndefined();
});

it('lands at the login address of the client of the app, with iss and target_link_uri', async () => {
  const { put, findLaunch } = await open();
  await put('coach', { launchApps: ['secure-sync'] });
  expect(await findLaunch('juniper-flats', 'secure-sync')).toBe(addressOf('coach'));
  expect(await findLaunch('juniper-flats', 'summit-k12')).toBeUndefined();
});

it('lets the client of the district go before that of the app', async () => {
  const { put, findLaunch } = await open();
  await put('coach', { launchApps: ['summit-k12'] });
  await put('other', { launchDistricts: ['harbor'] });
  expect(await findLaunch('harbor', 'summit-k12')).toBe(addressOf('other'));
  expect(await findLaunch('juniper-flats', 'summit-k12')).toBe(addressOf('coach'));
});

it('uses a change within a second', async () => {
  const { clock, clients, put, findLaunch } = await open();
  await put('coach', { launchApps: ['summit-k12'] });
  expect(await findLaunch('harbor', 'summit-k12')).toBe(addressOf('coach'));
  await clients.remove('coach');
  clock.advance(1);
  expect(await findLaunch('harbor', 'summit-k12')).toBeUndefined();
});
