// The store's format: a version that does not know it does not start, and what format 1 was written into is read for ever.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as composed from '../../src/compose/services.ts';
import { createFindLiveSession } from '../../src/session/live-session.ts';
import { createSessionTokens } from '../../src/session/session-token.ts';
import { openAttempt } from '../../src/sign-in/sealed-attempt.ts';
import { createStates } from '../../src/sign-in/state.ts';
import { openStoreIdentity } from '../../src/store/guard/store-identity.ts';
import { openEngine } from '../../src/store/lmdb/embedded-engine.ts';
import { openEmbeddedStore } from '../../src/store/lmdb/embedded-store.ts';
import type { Store } from '../../src/store/store.ts';
import { checkStoreFormat, storeFormat, WrongStoreFormat, writeStoreFormat } from '../../src/store/store-format.ts';
import { openVault } from '../../src/store/vault.ts';
import { flatten } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const formatAt = { partition: 'vault', id: 'format' };

describe.each(engines)('the format of $name', (engine) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());

  it('is said once, and a store that says nothing is of the first', async () => {
    const store = await storeFixture.place().open();
    expect(await checkStoreFormat(store)).toBe(false);
    await writeStoreFormat(store);
    await writeStoreFormat(store);
    expect(await checkStoreFormat(store)).toBe(true);
  });

  it.each([
    [
      'that needs a newer version',
      { format: storeFormat + 1, least: storeFormat + 1 },
      /newer version has made it one/,
    ],
    ['too old for this version', { format: 0, least: 0 }, /it is of format 0/],
  ])('is refused if it is one %s, and nothing is changed', async (_which, format, words) => {
    const store = await storeFixture.place().open();
    const value = Buffer.from(JSON.stringify(format));
    await store.put(formatAt, value);
    await expect(checkStoreFormat(store)).rejects.toThrow(WrongStoreFormat);
    await expect(checkStoreFormat(store)).rejects.toThrow(words);
    expect(await store.get([formatAt])).toEqual([value]);
  });

  it('may be newer, if the newer version says that this one can work beside it', async () => {
    const store = await storeFixture.place().open();
    await store.put(formatAt, Buffer.from(JSON.stringify({ format: storeFormat + 1, least: storeFormat })));
    expect(await checkStoreFormat(store)).toBe(true);
  });
});

interface Session {
  readonly token: string;
}
interface Facts {
  readonly now: number;
  readonly issuer: string;
  readonly audience: string;
  readonly district: string;
  readonly accounts: Readonly<Record<string, string>>;
  readonly link: { readonly districtId: string; readonly accountId: string; readonly cleverId: string };
  readonly sessions: { readonly ended: Session; readonly endedByAccount: Session; readonly live: Session };
  readonly reference: string;
  readonly keys: readonly string[];
  readonly credential: { readonly id: string; readonly secret: string };
  readonly signIn: { readonly state: string; readonly cookie: string };
}

describe('a store of format 1, as an earlier version left it', () => {
  const read = (ending: string) =>
    readFileSync(new URL(`../fixtures/store-format-1.${ending}`, import.meta.url), 'utf8');
  const facts: Facts = JSON.parse(read('json'));
  const folder = mkdtempSync(join(tmpdir(), 'sso-format-'));
  const clock = () => facts.now;
  let store: Store;
  let fixture: Awaited<ReturnType<typeof createServices>>;

  async function createServices() {
    await checkStoreFormat(store);
    const vault = await openVault(store, [{ id: 'fixture', key: Buffer.alloc(32, 1) }], clock);
    await openStoreIdentity(store, vault);
    const settings = { SESSION_TTL: 28_800, ATTEMPT_RETENTION: 7_776_000 };
    return flatten(composed.createServices({ store, vault, clock }, settings));
  }

  beforeAll(async () => {
    const engine = openEngine(folder);
    const pairs: [string, string][] = read('jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    await engine.write(() => {
      for (const [key, value] of pairs) engine.put(Buffer.from(key, 'base64'), Buffer.from(value, 'base64'));
    });
    await engine.close();
    store = await openEmbeddedStore(folder, { clock });
    fixture = await createServices();
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const rosterNow = () => fixture.rosters.read(facts.district, 0);

  it('has the same people under the same account ids', async () => {
    const find = async (email: string) => {
      const [found] = await fixture.directory.findByEmail(await rosterNow(), email);
      return found?.accountId;
    };
    for (const [email, id] of Object.entries(facts.accounts)) expect([email, await find(email)]).toEqual([email, id]);
  });

  it('has its link, and gives no other person either side', async () => {
    const roster = await rosterNow();
    const { accountId, cleverId } = facts.link;
    expect(await fixture.links.between(roster, accountId, cleverId).state()).toBe('linked');
    expect(await fixture.links.between(roster, accountId, 'c'.repeat(24)).state()).toBe('taken');
  });

  it('has the session that lived, and none that was ended', async () => {
    const { registry, rosters, directory } = fixture;
    const tokens = createSessionTokens(fixture.keys, { ...facts, clock });
    const findLiveSession = createFindLiveSession({ tokens, registry, rosters, directory });
    const lives = async ({ token }: Session) => (await findLiveSession(token)) !== undefined;
    const { ended, endedByAccount, live } = facts.sessions;
    expect([await lives(ended), await lives(endedByAccount), await lives(live)]).toEqual([false, false, true]);
    const { revocations } = await fixture.revocations.read(undefined, 10);
    expect(revocations.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['session', 'account']));
  });

  it('has its attempt, credential and keys', async () => {
    expect(await fixture.attempts.find(facts.reference)).toMatchObject({
      code: 'email_mismatch',
      district: facts.district,
    });
    const { attempts } = await fixture.attempts.search({ district: facts.district });
    expect(attempts.map(({ reference }) => reference)).toEqual([facts.reference]);
    expect(await fixture.credentials.find(facts.credential.secret)).toMatchObject({ id: facts.credential.id });
    expect((await fixture.keys.list()).map(({ kid }) => kid)).toEqual(facts.keys);
  });

  it('has a sign-in under way that can be finished', () => {
    const { state, cookie } = facts.signIn;
    expect(createStates(fixture.vault, clock).read(state)).toMatchObject({ start: 'login' });
    expect(openAttempt(fixture.vault, cookie, state)).toMatchObject({ returnTo: '/' });
  });

  it('has a roster that is held and one to go back to', async () => {
    const { feeds } = (await rosterNow()).published;
    expect(feeds.sftp?.held).toBeDefined();
    expect((await fixture.publisher.rollback(facts.district, 'sftp')).kind).toBe('done');
    const [back] = await fixture.directory.findByEmail(await rosterNow(), 's29@fixture.example');
    expect(back).toBeDefined();
  });
});
