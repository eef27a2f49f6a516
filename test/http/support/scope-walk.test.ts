// A walk over every route of support in openapi.yaml, with every method, by every client without access: no data in the
// answer, no effect, no entry in the audit log. Credentials on the other routes are test/http/walk.test.ts.

import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { openApi } from '../../helpers/expect-openapi.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { listed, type SupportFixture, startSupport } from '../../helpers/support.ts';
import { createSupportStory } from '../../helpers/support-story.ts';
import { juniper } from '../../sign-in/decider.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const open = ['/support/login', '/support/callback'];
const paths = Object.keys(openApi.paths).filter((path) => path.startsWith('/support') && !open.includes(path));
const described = (path: string, method: string): object | undefined =>
  Object(openApi.paths[path])[method === 'HEAD' ? 'get' : method.toLowerCase()];
const routes = paths.flatMap((path) => methods.map((method) => [method, path] as const));
const guarded = routes.filter(([method, path]) => described(path, method) !== undefined);
const forAdmins = guarded.filter(([method, path]) =>
  JSON.stringify(Object(described(path, method))['security']).includes('"admin"'),
);

describe('every route of support, with every method', () => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let supportPages: SupportFixture;
  let reference: string;
  let incident: string;
  let action: string;

  beforeAll(async () => {
    storeFixture = await embedded.start();
    clock = createClock();
    supportPages = await startSupport(await storeFixture.place().open(clock), { clock });
    await supportPages.services.districts.put(juniper);
    const story = createSupportStory(supportPages.services, clock);
    await story.publish();
    ({ reference } = await story.failed());
    const { incidents } = await supportPages.services.incidents.list({ state: 'open' });
    incident = incidents[0]?.id ?? '';
    const actor = { by: 'command', scope: 'admin', identities: [] } as const;
    const ended = { kind: 'end_sessions', account: story.accountOf('s0') } as const;
    const kept = { reason: 'why', isKept: true };
    const done = await supportPages.services.staffActions.request(juniper.id, ended, actor, kept);
    action = done.kind === 'done' ? (done.id ?? '') : '';
  });
  afterAll(async () => {
    await supportPages.stop();
    await storeFixture.stop();
  });
  afterEach(() => supportPages.setLists(listed));

  interface Visit {
    readonly headers: Readonly<Record<string, string>>;
    /** Of the session that the visitor has, or had. */
    readonly form?: string;
  }

  const pathOf = (template: string): string =>
    template
      .replace('{reference}', reference)
      .replace('{incident}', incident)
      .replace('{id}', juniper.id)
      .replace('{method}', 'sftp')
      .replace('{action}', action)
      .replace('{account}', createSupportStory(supportPages.services, clock).accountOf('s0'));

  async function visit(method: string, template: string, { headers, form = '' }: Visit) {
    const isSearch = template === '/support/attempts/search';
    const fields = { form, q: 'clever-of-s0', account: pathOf('{account}'), reason: 'why', all: '' };
    const body = isSearch ? JSON.stringify({ clever_id: 'clever-of-s0' }) : new URLSearchParams(fields).toString();
    const type = isSearch ? 'application/json' : 'application/x-www-form-urlencoded';
    const answer = await fetch(`${supportPages.url}${pathOf(template)}`, {
      method,
      redirect: 'manual',
      headers: { ...headers, 'content-type': type },
      ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
    });
    return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') };
  }

  /** An unknown route is a 404, and OPTIONS returns methods only. */
  const closed = (method: string, template: string): readonly number[] =>
    described(template, method) !== undefined ? [401, 403] : method === 'OPTIONS' ? [200] : [401, 403, 404, 405];

  const lastEntry = async () => JSON.stringify((await supportPages.services.staffAuditLog.page(1)).entries);
  const state = async () => JSON.stringify(await supportPages.services.auditLog.list(juniper.id, 5));

  async function expectClosed(method: string, template: string, ...visitors: readonly Visit[]) {
    const before = [await lastEntry(), await state()];
    for (const who of visitors) {
      const { status, text, location } = await visit(method, template, who);
      expect(closed(method, template)).toContain(status);
      // Where to go on after signing in is what the visitor asked for.
      const shown = text.replace(/return_to=[^"]*/g, '');
      expect(shown).not.toMatch(/juniper|clever-of|student\.s0|Givens0/i);
      expect(shown.replaceAll('-', '')).not.toContain(reference);
      expect(location).toBeNull();
    }
    expect([await lastEntry(), await state()]).toEqual(before);
  }

  async function signIn(verifiedEmail: string): Promise<Visit> {
    const cookie = (await supportPages.signIn({ verifiedEmail })) ?? '';
    const headers = { cookie, accept: 'text/html' };
    const { text } = await visit('GET', '/support', { headers });
    return { headers, form: /name="form" value="([\w-]+)"/.exec(text)?.[1] ?? '' };
  }

  it('is walked', () => {
    expect(guarded.length).toBeGreaterThanOrEqual(25);
    expect(forAdmins.map(([method, path]) => `${method} ${path}`)).toEqual([
      'POST /support/districts/{id}/rosters/{method}/approve',
      'POST /support/districts/{id}/rosters/{method}/rollback',
      'POST /support/districts/{id}/actions/{action}/approve',
      'GET /support/approvals',
      'HEAD /support/approvals',
      'GET /support/trail',
      'HEAD /support/trail',
      'POST /support/trail',
    ]);
  });

  it.each(guarded)(
    '%s %s is closed to who has nothing, something wrong, or the product’s credential',
    async (...route) => {
      const visitors: Record<string, string>[] = [
        {},
        { authorization: 'Bearer nonsense' },
        { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
        { cookie: `summit_staff=${'a'.repeat(43)}` },
        { cookie: 'summit_staff=; summit_session=x' },
        supportPages.headers.product,
      ];
      await expectClosed(
        ...route,
        ...visitors.flatMap((headers) => [{ headers }, { headers: { ...headers, accept: 'text/html' } }]),
      );
    },
  );

  it('knows no other method, also for an admin', async () => {
    for (const route of routes.filter((each) => !guarded.includes(each)))
      await expectClosed(...route, { headers: supportPages.headers.admin });
  });

  it.each(forAdmins)('%s %s is closed to scope support, with a credential and signed in', async (...route) => {
    const staff = await signIn('casey@support.example');
    expect(staff.form).not.toBe('');
    await expectClosed(...route, { headers: supportPages.headers.support }, staff);
    expect(closed(...route)).not.toContain((await visit(...route, { headers: supportPages.headers.admin })).status);
  });

  it('is closed to a session beyond its hour, taken from the lists, or signed out, which was let in before', async () => {
    const live = await signIn('boss@admin.example');
    for (const route of guarded.filter(([method]) => method === 'GET')) {
      expect([...route, (await visit(...route, live)).status]).toEqual([...route, 200]);
    }
    supportPages.setLists({ support: ['somebody.else@support.example'], admin: [] });
    for (const route of guarded) await expectClosed(...route, live);

    supportPages.setLists({ support: ['boss@admin.example'], admin: [] });
    for (const route of forAdmins) await expectClosed(...route, live);

    supportPages.setLists(listed);
    clock.advance(3599);
    expect((await visit('GET', '/support', live)).status).toBe(200);
    clock.advance(1);
    for (const route of guarded) await expectClosed(...route, live);

    const leaving = await signIn('boss@admin.example');
    expect((await visit('POST', '/support/logout', leaving)).status).toBe(303);
    for (const route of guarded) await expectClosed(...route, leaving);
  });

  it('does nothing for a session without its own form token', async () => {
    const [mine, other] = [await signIn('boss@admin.example'), await signIn('boss@admin.example')];
    for (const route of guarded.filter(([method, path]) => method === 'POST' && !path.endsWith('/attempts/search'))) {
      await expectClosed(
        ...route,
        { headers: mine.headers },
        { ...mine, form: other.form ?? '' },
        { ...mine, headers: { ...mine.headers, 'sec-fetch-site': 'cross-site' } },
      );
    }
  });
});
