// Staff at the routes of administration: the session counts as a credential of its scope does, and not for other sites.

import { feed, student } from '../../helpers/feeds.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { listed, type SupportFixture, startSupport } from '../../helpers/support.ts';
import { juniper } from '../../sign-in/decider.ts';

const json = { 'content-type': 'application/json' };
const district = JSON.stringify({ clever_id: 'c0ffee', name: 'Wexley', rostering: ['sftp'] });

describe('staff at the routes of administration', () => {
  let storeFixture: StoreFixture;
  let supportPages: SupportFixture;
  let admin: Record<string, string>;
  let support: Record<string, string>;

  beforeAll(async () => {
    storeFixture = await embedded.start();
    supportPages = await startSupport(await storeFixture.place().open());
    await supportPages.services.districts.put(juniper);
    await supportPages.services.publisher.publish(juniper.id, 'sftp', feed(student({ sisId: '1' })));
    admin = { cookie: (await supportPages.signIn({ verifiedEmail: 'ann@admin.example' })) ?? '' };
    support = { cookie: (await supportPages.signIn({ verifiedEmail: 'casey@support.example' })) ?? '' };
  });
  afterAll(async () => {
    await supportPages.stop();
    await storeFixture.stop();
  });
  afterEach(() => supportPages.setLists(listed));

  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    supportPages.ask(method, path, { headers, ...(body === undefined ? {} : { body }) });
  const put = (id: string, headers: Record<string, string>) => ask('PUT', `/districts/${id}`, headers, district);
  const isThere = async (id: string) => (await supportPages.services.districts.find(id)) !== undefined;

  it.each(['/districts', `/districts/${juniper.id}`])('reads %s in either scope', async (path) => {
    const statuses = await Promise.all([support, admin].map(async (who) => (await ask('GET', path, who)).status));
    expect(statuses).toEqual([200, 200]);
  });

  it('changes in scope admin alone, and the audit log names the address', async () => {
    expect((await put('wexley', { ...support, ...json })).status).toBe(403);
    expect(await isThere('wexley')).toBe(false);
    expect((await put('wexley', { ...admin, ...json })).status).toBe(201);
    const path = `/districts/${juniper.id}/sessions/end`;
    expect((await ask('POST', path, { ...admin, ...json }, '{}')).status).toBe(200);
    expect(JSON.stringify(await supportPages.services.auditLog.list(juniper.id, 1))).toContain('ann@admin.example');
  });

  it('ends one person’s sessions, not all, in scope support, and the log does not name the member of staff', async () => {
    expect((await ask('POST', `/districts/${juniper.id}/sessions/end`, { ...support, ...json }, '{}')).status).toBe(
      403,
    );
    expect(supportPages.refused.at(-1)).toEqual({ who: 'staff', reason: 'scope', needs: 'admin' });
  });

  it.each([
    ['another site sends it', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour sends it', { 'sec-fetch-site': 'same-site' }],
    ['another origin sends it', { origin: 'https://evil.example' }],
    ['nothing says where it comes from and any form could be it', { 'content-type': 'text/plain' }],
  ])('does nothing where %s', async (_name, headers) => {
    const path = `/districts/${juniper.id}/rosters/sftp/rollback`;
    const answer = await ask('POST', path, { ...admin, ...headers }, 'x');
    expect([answer.status, answer.json['code']]).toEqual([403, 'insufficient_scope']);
    expect(supportPages.refused.at(-1)).toEqual({ who: 'staff', reason: 'other_site' });
  });

  it('takes what a page of our own sends, whatever its type', async () => {
    const path = `/districts/${juniper.id}/rosters/sftp/rollback`;
    const answer = await ask('POST', path, { ...admin, 'sec-fetch-site': 'same-origin' });
    expect([answer.status, answer.json['code']]).toEqual([409, 'nothing_to_roll_back_to']);
  });

  it('is not signed in once the lists do not name them, or beside a credential', async () => {
    expect((await ask('GET', '/districts', { ...admin, authorization: 'Bearer nobody' })).status).toBe(401);
    supportPages.setLists({ support: [], admin: [] });
    expect((await ask('GET', '/districts', admin)).status).toBe(401);
  });
});
