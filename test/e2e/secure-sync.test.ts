// The Secure Sync districts of the demo: linked and synced by command, then every person from a click in the portal to
// where it must end, also those whom last night's sync did not see.
import {
  cedarHollow,
  syncClassmates,
  syncDistricts,
  syncPeople,
  willowBend,
} from '../../sandbox/clever/data-people.ts';
import type { DemoPerson } from '../../sandbox/clever/people.ts';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { bodyOf, problemAccept } from '../helpers/bridge-client.ts';

const signedIn = syncPeople.filter(({ expectedOutcome }) => expectedOutcome.kind === 'signed-in');
const refused = syncPeople.filter(({ expectedOutcome }) => expectedOutcome.kind === 'refused');

describe.each(engines)('the Secure Sync districts of the demo, on the %s store', (engine) => {
  let fixture: Fixture;
  beforeAll(async () => {
    const people = [...syncPeople, ...syncClassmates];
    fixture = await startFixture({
      engine,
      people,
      rosters: 'none',
      clever: { districts: syncDistricts },
      env: { CLEVER_TIMEOUT: '20s' },
    });
    await link(cedarHollow, 'secure-sync:full');
    await link(willowBend, 'secure-sync:provisioning');
  }, 300_000);
  afterEach(() => fixture.clever.switches.clear());
  afterAll(() => fixture.stop());

  const link = ({ slug, id, name }: typeof cedarHollow, rostering: string) =>
    fixture.command('district', 'put', slug, '--clever-id', id, '--name', name, '--rostering', rostering);

  const arrive = (person: DemoPerson, accept?: string) =>
    fixture.browser().open(fixture.launchAddress(person.id, 'secure-sync'), accept ? { accept } : {});

  const person = (key: string): DemoPerson => {
    const found = syncPeople.find((one) => one.key === key);
    if (found === undefined) throw new TypeError(key);
    return found;
  };

  it('refuses every user with roster_pending before the first sync', async () => {
    expect(bodyOf(await arrive(person('sync-student'), problemAccept))).toMatchObject({ code: 'roster_pending' });
  });

  it('is synced by command', async () => {
    const { exitCode, json } = await fixture.command('sync');
    expect(json).toMatchObject({ syncs: [{ result: 'published' }, { result: 'published' }] });
    expect(exitCode).toBe(0);
  });

  it('ends a sign-in in time when Clever’s Data API hangs, and says what the roster says', async () => {
    fixture.clever.switches.set({ dataApi: { slowRecordMs: 600_000 } });
    const answer = bodyOf(await arrive(person('sync-new-student'), problemAccept));
    expect(answer).toMatchObject({ code: 'not_rostered' });
  });

  it.each(signedIn)('$key reaches the product: $about', async (one) => {
    const answer = await arrive(one);
    expect(isAtProduct(fixture, answer)).toBe(true);
    expect(answer.body).toContain(one.expectedOutcome.kind === 'signed-in' ? one.expectedOutcome.role : '');
  });

  it.each(refused)('$key is refused: $about', async (one) => {
    const { expectedOutcome } = one;
    const code = expectedOutcome.kind === 'refused' ? expectedOutcome.code : '';
    expect(bodyOf(await arrive(one, problemAccept))).toMatchObject({ code });
  });

  it('keeps a person’s account when the next sync sees what the sign-in saw', async () => {
    fixture.clever.switches.set({ dataApi: { lists: 'now' } });
    const { json } = await fixture.command('sync', '--district', cedarHollow.slug);
    expect(json).toMatchObject({
      syncs: [{ result: 'published', changes: { student: { new: 0, removed: 0, address_changed: 0 } } }],
    });
    expect(isAtProduct(fixture, await arrive(person('sync-new-student')))).toBe(true);
  });
});
