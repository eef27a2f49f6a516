// A sealed set is published once, by two servers at the same time or one after another.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPublishSet } from '../../src/sftp-drop/publish-set.ts';
import { makeDrop, rosterOf, type TestDrop } from '../helpers/drop.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'quince';

describe.each(engines)('a sealed set on $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let services: TestServices;
  let drop: TestDrop;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    place = storeFixture.place();
    services = await createServices(await place.open());
    drop = makeDrop();
  });
  afterEach(() => drop.stop());

  function seal(name: string, files: Readonly<Record<string, string>>) {
    const folder = join(drop.folder, name);
    mkdirSync(folder);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    return { districtId, folder, manifest: { id: name, digest: '0', files: [], findings: [], originals: '' } };
  }

  const never = new AbortController().signal;
  const trail = async () => (await services.auditLog.list(districtId, 50)).map(({ action }) => action);

  it('is published once by two servers at the same time, and both learn what came of it', async () => {
    const other = await createServices(await place.open());
    const set = seal('a', rosterOf(4));
    const records = await Promise.all([services, other].map((each) => createPublishSet(each)(set, never)));
    expect(new Set(records.map(({ result }) => JSON.stringify(result))).size).toBe(1);
    expect(await trail()).toEqual(['roster_published']);
    const { published } = await services.rosters.read(districtId, 0);
    expect(published.feeds.sftp?.former).toBeUndefined();
  });

  it('is refused once by two servers at the same time', async () => {
    const other = await createServices(await place.open());
    const set = seal('a', { 'students.csv': '' });
    const records = await Promise.all([services, other].map((each) => createPublishSet(each)(set, never)));
    expect(records.map(({ result }) => result.kind)).toEqual(['refused', 'refused']);
    expect(await trail()).toEqual(['roster_refused']);
  });

  it('does not come back over a newer one when its report is still to be written', async () => {
    const publishSet = createPublishSet(services);
    const [older, newer] = [seal('a', rosterOf(4)), seal('b', rosterOf(5))];
    await publishSet(older, never);
    await publishSet(newer, never);
    expect((await publishSet(older, never)).result.report.accounts.student).toBe(4);
    const { published } = await services.rosters.read(districtId, 0);
    expect(published.feeds.sftp?.active?.report.accounts.student).toBe(5);
    expect(await trail()).toHaveLength(2);
  });

  it('changes nothing when it is stopped', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(createPublishSet(services)(seal('a', rosterOf(2)), stop.signal)).rejects.toThrow('stopped');
    expect(await trail()).toEqual([]);
    expect((await services.rosters.read(districtId, 0)).published.feeds.sftp).toBeUndefined();
  });
});
