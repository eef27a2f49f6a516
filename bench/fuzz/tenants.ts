// The users and credentials of the fixture under attack: a victim, another student, a refused user, a member of staff, and
// programs. Signs the users in again on request.
import { demoPeople } from '../../sandbox/clever/people.ts';
import { cleverApp, type Fixture, syncApp } from '../../test/helpers/bridge.ts';
import { type Answer, bodyOf, type Client, problemAccept } from '../../test/helpers/bridge-client.ts';

export interface Tenants {
  /** What fills the holes of a request. */
  values(): ReadonlyMap<string, string>;
  /** With what they are. */
  secrets(): ReadonlyMap<string, string>;
  readonly personal: ReadonlyMap<string, readonly string[]>;
  refresh(): Promise<void>;
}

export const staffClient = { clientId: 'support-pages', clientSecret: 'a-secret-of-the-support-pages' };

const isVictim = ({ key }: { readonly key: string }) => key === 'student';
const isOther = ({ key }: { readonly key: string }) => key === 'student-2';

export async function createTenants(fixture: Fixture): Promise<Tenants> {
  // A list: everything of each tenant that must not leak, by its name.
  const values = new Map<string, string>();
  const secrets = new Map([
    [cleverApp.clientSecret, 'client secret'],
    [syncApp.clientSecret, 'client secret'],
    [staffClient.clientSecret, 'client secret'],
  ]);
  const record = (name: string, value: string | undefined) => void (value && values.set(name, value));
  const learnSecret = (name: string, value: string | undefined) => {
    record(name, value);
    if (value !== undefined && value.length >= 16) secrets.set(value, name);
  };

  async function prepare() {
    record('host', new URL(fixture.bridge.url).host);
    record('product.url', fixture.productUrl);
    const credential = async (scope: string) => {
      const { json } = await fixture.command('credential', 'create', '--scope', scope, '--name', scope);
      const [id, secret] = [String(json['id']), String(json['secret'])];
      secrets.set(secret, `credential of ${scope}`);
      return { id, secret, basic: Buffer.from(`${id}:${secret}`).toString('base64') };
    };
    const product = await credential('product');
    record('product', product.basic);
    const support = await credential('support');
    record('support', support.secret);
    record('product.as-support', Buffer.from(`${support.id}:${support.secret}`).toString('base64'));
    record('admin', (await credential('admin')).secret);
    const revoked = await credential('admin');
    await fixture.command('credential', 'revoke', revoked.id);
    record('revoked', revoked.secret);
    for (const [id, hex] of [
      ['sftp', 'c'],
      ['manual', 'd'],
    ] as const)
      await fixture.command(
        'district',
        'put',
        `scratch-${id}`,
        '--clever-id',
        hex.repeat(24),
        '--name',
        `Scratch ${id}`,
        '--rostering',
        id,
      );
  }

  async function refresh() {
    const victim = await signIn('student', 'session.victim');
    await signIn('student-2', 'session.other');
    if (victim !== undefined) await describeVictim(victim);
    await refuseOneUser();
    await beginSignIn();
    await readCursors();
    await signInStaff();
  }

  async function signIn(person: string, name: string): Promise<Client | undefined> {
    const browser = fixture.browser();
    await browser.open(fixture.launchAddress(person));
    learnSecret(name, browser.cookie('summit_session'));
    return browser.cookie('summit_session') === undefined ? undefined : browser;
  }

  async function describeVictim(browser: Client) {
    const live = await browser.once(`${fixture.publicUrl}/session`, { accept: problemAccept });
    if (live.status !== 200) return;
    const { account, session } = bodyOf(live) as Record<string, Record<string, string>>;
    record('victim.account', account?.['id']);
    record('victim.sid', session?.['id']);
    record('victim.district', account?.['district']);
    const person = demoPeople.find(isVictim);
    record('victim.email', person?.email);
    record('victim.cleverId', person?.id);
    record('victim.cleverDistrict', person?.district);
    const home = await browser.once(`${fixture.publicUrl}/`);
    learnSecret('form', fieldOf(home));
  }

  async function refuseOneUser() {
    const refused = await fixture.browser().open(fixture.launchAddress('capital'), { accept: problemAccept });
    if (refused.status !== 403) return;
    const reference = String(bodyOf(refused)['reference']);
    record('reference', reference);
    record('reference.lower', reference.replace('-', '').toLowerCase());
    record('refused.email', demoPeople.find(({ key }) => key === 'capital')?.email);
  }

  async function beginSignIn() {
    const browser = fixture.browser();
    const begun = await browser.once(`${fixture.publicUrl}/login`);
    const name = browser.cookieNames().find((each) => each.startsWith('summit_sign_in_'));
    if (begun.location === undefined || name === undefined) return;
    record('state.used', values.get('state'));
    record('state', begun.location.searchParams.get('state') ?? undefined);
    record('attempt.cookie', `${name}=${browser.cookie(name)}`);
  }

  async function readCursors() {
    const headers = (authorization: string) => ({ headers: { authorization }, accept: 'application/json' });
    const product = headers(`Basic ${values.get('product')}`);
    const roster = await fixture.browser().once(`${fixture.publicUrl}/districts/juniper-flats/roster`, product);
    record('cursor.roster', /"cursor":"([^"]+)"/.exec(roster.body)?.[1]);
    const ended = await fixture.browser().once(`${fixture.publicUrl}/session/revocations`, product);
    record('cursor.revocations', /"cursor":"([^"]+)"/.exec(ended.body)?.[1]);
    const attempts = `${fixture.publicUrl}/support/attempts`;
    const list = await fixture.browser().once(attempts, headers(`Bearer ${values.get('support')}`));
    record('cursor.attempts', /"cursor":"([^"]+)"/.exec(list.body)?.[1]);
  }

  async function signInStaff() {
    const browser = fixture.browser();
    await browser.once(`${fixture.publicUrl}/support/login`);
    const name = browser.cookieNames().find((each) => each.startsWith('summit_staff_sign_in_'));
    record('staff.sign-in', name && `${name}=${browser.cookie(name)}`);
    const choose = await browser.open(`${fixture.publicUrl}/support/login`);
    await browser.open(`${choose.url.href}?subject=staff-2`);
    learnSecret('staff', browser.cookie('summit_staff'));
    learnSecret('staff.form', fieldOf(await browser.once(`${fixture.publicUrl}/support`)));
  }

  await prepare();
  return { values: () => values, secrets: () => secrets, personal: personalOf(), refresh };
}

const fieldOf = ({ body }: Answer) => /name="form" value="([^"]+)"/.exec(body)?.[1];

/** Addresses, Clever ids and names: what a page, a header or a line could give away. */
function personalOf(): Tenants['personal'] {
  const facts = (isOne: (person: { readonly key: string }) => boolean) =>
    demoPeople
      .filter(isOne)
      .flatMap(({ id, email, givenName, familyName }) => [
        id,
        ...(email?.includes('@') ? [email.trim()] : []),
        ...(givenName && familyName ? [`${givenName} ${familyName}`, `"${givenName}"`] : []),
      ]);
  return new Map([
    ['session.victim', facts(isVictim)],
    ['session.other', facts(isOther)],
    ['nobody', facts((person) => !isVictim(person) && !isOther(person))],
  ]);
}
