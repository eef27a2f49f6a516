import { createClients } from '../../src/session/clients.ts';
import { openVault } from '../../src/store/vault.ts';
import { dump, findTexts } from '../helpers/at-rest.ts';
import { createClock } from '../helpers/clock.ts';
import { storeKey } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const redirectUris = ['https://coach.example/callback'];

describe.each(engines)('clients on $name', (engine) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());

  async function open() {
    const clock = createClock();
    const store = await storeFixture.place().open();
    const vault = await openVault(store, [storeKey('one')]);
    return { clock, store, vault, clients: createClients(store, vault, { clock, maxAgeMs: 0 }) };
  }

  async function putCoach(clients: Awaited<ReturnType<typeof open>>['clients']): Promise<string> {
    const put = await clients.put('coach', { redirectUris });
    if (put.kind !== 'done' || put.secret === undefined) throw new Error('no secret was made');
    return put.secret;
  }

  it('makes a confidential client with a secret of 256 bits, shown once', async () => {
    const { clients, clock } = await open();
    const put = await clients.put('coach', { redirectUris, scopes: ['openid', 'profile'] });
    const client = {
      id: 'coach',
      isPublic: false,
      redirectUris,
      postLogoutRedirectUris: [],
      createdAt: clock(),
      launchApps: [],
      launchDistricts: [],
      scopes: ['openid', 'profile'],
      pkce: 'required',
      initiateLoginUri: undefined,
      backchannelLogoutUri: undefined,
    };
    expect(put).toEqual({ kind: 'done', isNew: true, client, secret: expect.stringMatching(/^[\w-]{43}$/) });
    expect(await clients.find('coach')).toMatchObject({ id: 'coach', redirectUris });
    expect(await clients.put('coach', {})).toEqual({ kind: 'done', isNew: false, client });
  });

  it('changes what is given, leaves the rest, and takes away what is null', async () => {
    const { clients } = await open();
    const secret = await putCoach(clients);
    const added = {
      initiateLoginUri: 'https://coach.example/login',
      postLogoutRedirectUris: ['https://coach.example/'],
    };
    await clients.put('coach', added);
    expect(await clients.find('coach')).toMatchObject({ ...added, redirectUris });
    await clients.put('coach', { initiateLoginUri: null });
    expect(await clients.find('coach')).toMatchObject({ postLogoutRedirectUris: added.postLogoutRedirectUris });
    expect((await clients.find('coach'))?.initiateLoginUri).toBeUndefined();
    expect(await clients.isSecret('coach', secret)).toBe(true);
  });

  it('gives a public client no secret, and never makes one kind of the other', async () => {
    const { clients } = await open();
    expect(await clients.put('app', { redirectUris, isPublic: true })).not.toHaveProperty('secret');
    expect(await clients.rotate('app')).toEqual({ kind: 'refused', code: 'client_public' });
    expect(await clients.put('app', { isPublic: false })).toEqual({ kind: 'refused', code: 'client_kind_fixed' });
    await putCoach(clients);
    expect(await clients.put('coach', { isPublic: true })).toEqual({ kind: 'refused', code: 'client_kind_fixed' });
  });

  it('has no client without an address for answers', async () => {
    const { clients } = await open();
    expect(await clients.put('coach', {})).toEqual({ kind: 'refused', code: 'client_redirect_missing' });
    expect(await clients.list()).toEqual([]);
  });

  it('has two valid secrets at a time, and one where the former ones are ended', async () => {
    const { clients } = await open();
    const first = await putCoach(clients);
    const secrets = [first];
    for (const endFormer of [false, false, true]) {
      const rotated = await clients.rotate('coach', endFormer);
      if (rotated.kind !== 'done') throw new Error('not rotated');
      secrets.push(rotated.secret);
      const valid = await Promise.all(secrets.map((secret) => clients.isSecret('coach', secret)));
      expect(valid.filter(Boolean)).toHaveLength(rotated.secrets);
      expect(valid.at(-1)).toBe(true);
    }
    expect(new Set(secrets).size).toBe(4);
    expect((await clients.list())[0]?.secretsMadeAt).toHaveLength(1);
  });

  it.each([
    ['empty', ''],
    ['short', 'abc'],
    ['endless', 'a'.repeat(100_000)],
    ['made up', 'a'.repeat(43)],
  ])('knows no secret that is %s', async (_what, given) => {
    const { clients } = await open();
    await putCoach(clients);
    expect(await clients.isSecret('coach', given)).toBe(false);
  });

  it('takes a secret for the client that it was made for alone', async () => {
    const { clients } = await open();
    const secret = await putCoach(clients);
    await clients.put('other', { redirectUris });
    expect([await clients.isSecret('coach', secret), await clients.isSecret('other', secret)]).toEqual([true, false]);
  });

  it('removes a client for every server, and says whether there was one', async () => {
    const { clients, store, vault, clock } = await open();
    const secret = await putCoach(clients);
    const elsewhere = createClients(store, vault, { clock, maxAgeMs: 500 });
    expect(await elsewhere.isSecret('coach', secret)).toBe(true);
    expect([await clients.remove('coach'), await clients.remove('coach')]).toEqual([true, false]);
    clock.advance(1);
    expect(await elsewhere.find('coach')).toBeUndefined();
    expect(await elsewhere.isSecret('coach', secret)).toBe(false);
  });

  it('keeps both changes of two processes at once', async () => {
    const { clients, store, vault, clock } = await open();
    await putCoach(clients);
    const other = createClients(store, vault, { clock, maxAgeMs: 0 });
    const [login, scopes] = ['https://coach.example/login', ['openid', 'email'] as const];
    await Promise.all([clients.put('coach', { initiateLoginUri: login }), other.put('coach', { scopes })]);
    expect(await clients.find('coach')).toMatchObject({ initiateLoginUri: login, scopes });
  });

  const launching = (change: object) => ({ redirectUris, initiateLoginUri: 'https://coach.example/login', ...change });

  it.each([
    ['the app', { launchApps: ['summit-k12'] } as const, { launchApps: ['summit-k12', 'secure-sync'] } as const],
    ['the district', { launchDistricts: ['harbor'] }, { launchDistricts: ['elm', 'harbor'] }],
  ])('refuses %s to a second client, and says who has it, until that one gives it back', async (_what, one, other) => {
    const { clients } = await open();
    expect(await clients.put('coach', launching(one))).toMatchObject({ kind: 'done' });
    const refused = { kind: 'refused', code: 'client_launch_taken', holder: 'coach' };
    expect(await clients.put('tutor', launching(other))).toEqual(refused);
    expect(await clients.find('tutor')).toBeUndefined();
    // What the holder has, it may say again.
    expect(await clients.put('coach', launching(other))).toMatchObject({ kind: 'done' });
    expect(await clients.put('coach', { launchApps: [], launchDistricts: [] })).toMatchObject({ kind: 'done' });
    expect(await clients.put('tutor', launching(other))).toMatchObject({ kind: 'done' });
    await clients.remove('tutor');
    expect(await clients.put('coach', launching(one))).toMatchObject({ kind: 'done' });
  });

  it('accepts a client for a district beside the one for the app', async () => {
    const { clients } = await open();
    await clients.put('coach', launching({ launchApps: ['summit-k12'] }));
    expect(await clients.put('tutor', launching({ launchDistricts: ['harbor'] }))).toMatchObject({ kind: 'done' });
  });

  it('gives a launch to one of many clients that ask for it at once, by several processes', async () => {
    const { store, vault, clock } = await open();
    const ids = Array.from({ length: 6 }, (_, index) => `client-${index}`);
    const put = (id: string) =>
      createClients(store, vault, { clock, maxAgeMs: 0 }).put(id, launching({ launchDistricts: ['harbor'] }));
    const results = await Promise.all(ids.map(put));
    expect(results.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    const listed = await createClients(store, vault, { clock }).list();
    expect(listed.filter(({ launchDistricts }) => launchDistricts.includes('harbor'))).toHaveLength(1);
  });

  it('lets a client with a secret alone do without PKCE', async () => {
    const { clients } = await open();
    expect(await clients.put('app', { redirectUris, isPublic: true, pkce: 'or-nonce' })).toEqual({
      kind: 'refused',
      code: 'client_pkce_public',
    });
    expect(await clients.put('coach', { redirectUris, pkce: 'or-nonce' })).toMatchObject({
      client: { pkce: 'or-nonce' },
    });
  });

  it('leaves no secret, address or id readable in the store', async () => {
    const { clients, store } = await open();
    const secret = await putCoach(clients);
    expect(findTexts(Buffer.concat((await dump(store)).flat()), [secret, 'coach.example', 'callback'])).toEqual([]);
  });
});
