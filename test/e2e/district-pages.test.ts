// DISTRICT_PAGES: an administrator of a district finds the pages by a link, or with `off` neither the link nor any page.
import { juniperFlats } from '../../sandbox/clever/districts.ts';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import type { BridgeProcess } from '../helpers/bridge-process.ts';
import { openApi } from '../helpers/expect-openapi.ts';

let fixture: Fixture;
let closed: BridgeProcess;

beforeAll(async () => {
  fixture = await startFixture({ engine: 'embedded' });
  closed = await fixture.addBridge({ DISTRICT_PAGES: 'off' });
  const link = ['--clever-id', juniperFlats.id, '--name', juniperFlats.name, '--rostering', 'sftp'];
  const put = await fixture.command('district', 'put', 'juniper-flats', ...link, '--school-admins', 'allow');
  expect(put).toMatchObject({ exitCode: 0 });
});
afterAll(() => fixture?.stop());

const routes = Object.entries(openApi.paths).flatMap(([path, verbs]) =>
  /^\/district(\/|$)/.test(path)
    ? Object.keys(verbs).flatMap((verb) => (verb === 'parameters' ? [] : [[verb.toUpperCase(), path]]))
    : [],
);
const concrete = (path: string) =>
  path.replace('{method}', 'sftp').replace('{file}', 'bridge.xlsx').replace('{id}', 'x');

it('off answers every address of them with 404, and no page leads there', async () => {
  const client = fixture.browser();
  await client.open(fixture.launchAddress('administrator'));
  expect((await client.once(new URL('/district', fixture.publicUrl))).status).toBe(200);
  expect((await client.once(new URL('/', fixture.publicUrl))).body).toContain('href="/district"');
  expect((await client.once(new URL('/', closed.url))).body).toContain('Priya');
  expect((await client.once(new URL('/', closed.url))).body).not.toContain('/district');
  expect(routes.length).toBeGreaterThanOrEqual(15);
  for (const [method = '', path = ''] of routes) {
    const { status } = await client.once(new URL(concrete(path), closed.url), { method });
    expect([method, path, status]).toEqual([method, path, 404]);
  }
  await client.once(new URL('/logout', fixture.publicUrl), { method: 'POST', headers: { origin: fixture.publicUrl } });
  expect((await client.once(new URL('/district', fixture.publicUrl))).status).toBe(404);
});
