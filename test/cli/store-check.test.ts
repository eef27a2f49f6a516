// `store check`: a store that is well, and what it says of one that is not. As an operator runs it.
import { randomBytes } from 'node:crypto';
import { prepareStore } from '../../sandbox/demo/prepare-store.ts';
import type { EngineStore, StoreItem } from '../../src/store/store-items.ts';
import { runBridgeCommand } from '../helpers/bridge-command.ts';
import type { Environment } from '../helpers/bridge-process.ts';
import { patientStore } from '../helpers/redis-server.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('store check of $name', ({ start }) => {
  let fixture: StoreFixture;
  let store: EngineStore;
  let env: Environment;
  const check = () => runBridgeCommand(env, ['store', 'check', '--json']);

  beforeAll(async () => {
    fixture = await start();
    const place = fixture.place();
    const keys = `test:${randomBytes(32).toString('base64')}`;
    env = { ...patientStore, STORE_URL: place.url, STORE_KEYS: keys };
    await prepareStore(env);
    store = await place.open();
  });
  afterAll(() => fixture.stop());

  async function find(is: (item: StoreItem) => boolean): Promise<StoreItem> {
    for await (const batch of store.items.walk()) for (const item of batch) if (is(item)) return item;
    throw new Error('the store has none');
  }
  const rowOf = ({ partition, name, id }: StoreItem) => ({ partition, table: name, id });

  it('counts what is there, and changes nothing', async () => {
    const before = await store.items.count();
    const { exitCode, json } = await check();
    expect([exitCode, json]).toMatchObject([
      0,
      { wrong: [], items: { districts: { count: 3 }, standing: { count: 3 } }, districts: expect.any(Array) },
    ]);
    expect(json['districts']).toContainEqual({ id: 'juniper-flats', accounts: expect.any(Number), links: 0 });
    expect(await store.items.count()).toBe(before);
  });

  it('names what does not open, what is missing and what is half, and exits with 1', async () => {
    const page = await find(({ kind, name, id }) => kind === 'row' && name.endsWith('.accounts') && id.startsWith('p'));
    await store.put(rowOf(page), Buffer.from('something else altogether, and long enough'));
    const link = { partition: page.partition, table: 'links.0', id: `c.${'0'.repeat(32)}` };
    await store.put(link, Buffer.from(`some-account.${'0'.repeat(32)}`));
    const broken = await check();
    expect(broken.exitCode).toBe(1);
    const wrongOf = ({ json }: { json: Readonly<Record<string, unknown>> }) =>
      Object(json['error']).wrong.join('\n') as string;
    expect(wrongOf(broken)).toMatch(/^1 of kind accounts do not open/);

    await store.put(rowOf(page), page.value);
    const shape = await find(({ kind, name, id }) => kind === 'row' && name.endsWith('.classes') && id === 'shape');
    await store.remove(rowOf(shape));
    const half = wrongOf(await check());
    expect(half).toMatch(/1 of 1 links have one side only/);
    expect(half).toMatch(/has lost its classes: publish it again|the former roster by sftp is not whole/);
  });

  it('with other keys says which opens it; an empty place is no store', async () => {
    const { exitCode, json } = await runBridgeCommand(
      { ...env, STORE_KEYS: `other:${randomBytes(32).toString('base64')}` },
      ['store', 'check', '--json'],
    );
    expect([exitCode, Object(json['error']).code]).toEqual([1, 'store_keys']);
    const empty = await runBridgeCommand({ ...env, STORE_URL: fixture.place().url }, ['store', 'check', '--json']);
    expect([empty.exitCode, Object(empty.json['error']).detail]).toEqual([
      1,
      expect.stringMatching(/^There is no store at /),
    ]);
  });
});
