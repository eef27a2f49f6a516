// What the log says of refused access, and that it says nothing of what was shown.

import { basic, bearer, type Programs, startPrograms } from '../../helpers/program-server.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';

const guess = 'g'.repeat(43);
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('access that is refused', () => {
  let storeFixture: StoreFixture;
  let programs: Programs;
  let supportPages: SupportFixture;

  beforeAll(async () => {
    storeFixture = await embedded.start();
    programs = await startPrograms(await storeFixture.place().open());
    supportPages = await startSupport(await storeFixture.place().open());
    await supportPages.services.districts.put({ id: 'maple', cleverId: 'a1', name: 'Maple', rostering: ['sftp'] });
    await programs.services.districts.put({ id: 'maple', cleverId: 'a1', name: 'Maple', rostering: ['sftp'] });
  });
  afterAll(async () => {
    await Promise.all([programs.stop(), supportPages.stop()]);
    await storeFixture.stop();
  });

  it.each([
    ['no credential', {}, { reason: 'no_credential', needs: 'product' }],
    ['a guess at a secret', basic('0123456789abcdef', guess), { reason: 'unknown_credential', needs: 'product' }],
    ['a header that is none', { authorization: `Bearer ${guess}` }, { reason: 'unknown_credential', needs: 'product' }],
  ])('with %s is logged, without the credential', async (_what, headers, expected) => {
    await programs.ask('GET', '/session/revocations', { headers });
    expect(programs.refused.at(-1)).toEqual({ who: 'program', ...expected });
  });

  it('to a credential of another scope is logged with its id', async () => {
    const credential = programs.ids.support;
    await programs.ask('GET', '/districts', { headers: bearer(guess) });
    await programs.ask('PUT', '/districts/maple', { headers: programs.headers.support });
    const all = { method: 'POST', headers: { ...programs.headers.support, 'content-type': 'application/json' } };
    await programs.ask('POST', '/districts/maple/sessions/end', { ...all, body: '{"reason":"x"}' });
    expect(programs.refused.slice(-3)).toEqual([
      { who: 'program', reason: 'unknown_credential', needs: 'support' },
      { who: 'program', reason: 'scope', needs: 'admin', credential },
      { who: 'program', reason: 'scope', needs: 'admin', credential },
    ]);
  });

  it('to staff is logged: on no list, cancelled, not theirs to do, not from a page of ours', async () => {
    await supportPages.signIn({ verifiedEmail: 'nobody@elsewhere.example' });
    await supportPages.signIn({ verifiedEmail: undefined });
    await supportPages.signIn({ verifiedEmail: 'casey@support.example', issuer: 'https://other.example' });
    const { cookie, callback } = await supportPages.begin({});
    await supportPages.ask('GET', `${callback}&error=access_denied`, { headers: { cookie } });
    const session = { cookie: (await supportPages.signIn({ verifiedEmail: 'casey@support.example' })) ?? '' };
    await supportPages.ask('GET', '/support/trail', { headers: session });
    const post = (path: string, body: string, headers: Record<string, string>) =>
      supportPages.ask('POST', path, { headers: { ...session, ...form, ...headers }, body });
    await post('/support/search', 'q=x', { origin: 'https://elsewhere.example' });
    const page = await (
      await fetch(`${supportPages.url}/support`, { headers: { ...session, accept: 'text/html' } })
    ).text();
    const token = /name="form" value="([^"]+)"/.exec(page)?.[1] ?? '';
    await post('/support/districts/maple/links/release', `form=${token}&all=yes&reason=x`, {
      origin: supportPages.url,
    });
    expect(supportPages.refused).toEqual([
      { who: 'staff', reason: 'not_listed' },
      { who: 'staff', reason: 'email_not_verified' },
      { who: 'staff', reason: 'other_issuer' },
      { who: 'staff', reason: 'denied' },
      { who: 'staff', reason: 'scope', needs: 'admin' },
      { who: 'staff', reason: 'other_site' },
      { who: 'staff', reason: 'scope', needs: 'admin' },
    ]);
  });
});
