// Leak tests of support: the message and the export hold only the person's own data, the
// pages and documents no data of people whom the refusal is not about, and none of them a token or a secret.

import type { FeedItem, RecordType } from '../../../src/formats/feed.ts';
import { showReference } from '../../../src/outcome/reference.ts';
import { accountIdOf } from '../../../src/roster/account.ts';
import type { Attempt } from '../../../src/support/attempt.ts';
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { student, students, teacher } from '../../helpers/feeds.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOfStudent, createSupportStory } from '../../helpers/support-story.ts';
import { juniper } from '../../sign-in/decider.ts';

const bystanders = [1, 2, 3].map((index) =>
  student({
    sisId: `sis-by-${index}`,
    givenName: `Bystander${index}`,
    familyName: `Unasked${index}`,
    email: `bystander.${index}@juniper.example`,
  }),
);
const shared = 'shared.address@juniper.example';
const named = (sisId: string, email: string) =>
  student({ sisId, email, givenName: `Known${sisId}`, familyName: `Person${sisId}` });

const before: readonly FeedItem[] = [named('sis-gone', 'gone@juniper.example')];
const roster: readonly FeedItem[] = [
  ...students(2, (index) => ({ sisId: `sis-any-${index}` })),
  ...bystanders,
  named('sis-one', shared),
  named('sis-two', shared),
  named('sis-near', 'near.miss@juniper.example'),
  named('sis-linked', 'linked@juniper.example'),
  named('sis-former', 'former@juniper.example'),
  teacher({
    sisId: 'sis-teacher',
    email: 'teaches@juniper.example',
    givenName: 'Knownteacher',
    familyName: 'Personteacher',
  }),
];

/** Who is refused, with which code, and every value of the roster that their refusal is about. */
const refusals = [
  ['email_mismatch', { email: 'Near.Miss@juniper.example', sub: 'clever-of-near' }, ['sis-near']],
  [
    'email_mismatch',
    { email: 'elsewhere@juniper.example', sub: 'clever-2', given_name: 'Knownsis-near', family_name: 'Personsis-near' },
    ['sis-near'],
  ],
  ['ambiguous', { email: shared, sub: 'clever-3' }, ['sis-one', 'sis-two']],
  ['role_conflict', { email: 'teaches@juniper.example', sub: 'clever-4' }, ['sis-teacher']],
  ['account_inactive', { email: 'gone@juniper.example', sub: 'clever-5' }, ['sis-gone']],
  ['not_rostered', { email: 'nobody@juniper.example', sub: 'clever-6' }, []],
  ['identity_changed', { email: 'linked@juniper.example', sub: 'clever-7' }, ['sis-linked']],
  ['identity_changed', { email: 'linked@juniper.example', sub: 'clever-of-former' }, ['sis-linked', 'sis-former']],
] as const;

describe('an answer of support', () => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let supportPages: SupportFixture;
  let attempts: Attempt[];
  let cookie: string;
  let secrets: readonly string[];

  beforeAll(async () => {
    storeFixture = await embedded.start();
    clock = createClock();
    supportPages = await startSupport(await storeFixture.place().open(clock), { clock });
    const story = createSupportStory(supportPages.services, clock);
    await supportPages.services.districts.put(juniper);
    await story.publish([...before, ...roster]);
    await story.publish(roster);
    const people = [...bystanders.map(({ email }, index) => [email, `clever-of-by-${index + 1}`])];
    for (const [email, sub] of [
      ...people,
      ['linked@juniper.example', 'clever-first'],
      ['former@juniper.example', 'clever-of-former'],
    ])
      expect(await story.signIn({ email, sub })).toBeUndefined();
    // Bystanders have failed as well, so that their attempts are on the same lists.
    for (const { email } of bystanders) await story.failed(claimsOfStudent('x', { email: email?.toUpperCase() }));
    attempts = [];
    for (const [code, change] of refusals) {
      const attempt = await story.failed({ given_name: 'Own', family_name: 'Name', ...change });
      expect(attempt.code).toBe(code);
      attempts.push(attempt);
    }
    cookie = (await supportPages.signIn({ verifiedEmail: 'boss@admin.example' })) ?? '';
    secrets = [
      ...Object.values(supportPages.headers).map(({ authorization }) => String(authorization).split(' ')[1] ?? ''),
      cookie.split('=')[1] ?? '',
    ];
  });
  afterAll(async () => {
    await supportPages.stop();
    await storeFixture.stop();
  });

  const ask = async (path: string, form: 'page' | 'json' = 'json') => {
    const headers = form === 'page' ? { accept: 'text/html', cookie } : supportPages.headers.admin;
    const answer = await supportPages.ask('GET', path, { headers });
    expect([path, answer.status]).toEqual([path, 200]);
    return answer;
  };
  const account = (sisId: string, record: RecordType = 'student') =>
    accountIdOf(supportPages.services.vault, juniper.id, record, sisId);
  const sisIds = roster.concat(before).flatMap((row) => (row.kind === 'account' ? [row.sisId] : []));

  /** Everything that identifies a person of the roster. */
  const signsOf = (sisId: string): string[] => {
    const row = roster.concat(before).find((each) => each.kind === 'account' && each.sisId === sisId);
    return row?.kind === 'account'
      ? [row.sisId, row.givenName, row.familyName, row.email ?? '', account(sisId, row.record)].map((sign) =>
          sign.toLowerCase(),
        )
      : [];
  };
  function expectNothingOf(text: string, signs: readonly string[]) {
    const shown = text.toLowerCase();
    expect(signs.filter((sign) => shown.includes(sign))).toEqual([]);
  }
  function expectNoToken(text: string) {
    expect(text).not.toMatch(/eyJ[\w-]{10}|access_token|id_token|Bearer /);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }

  const cases = refusals.map(([code, { email, sub }, about], index) => [code, sub, email, about, index] as const);

  it.each(cases)('as the message for %s of %s is the person’s own', async (_code, sub, email, _about, index) => {
    const { json } = await ask(`/support/attempts/${attempts[index]?.reference}`);
    const message = String(json['message'] ?? '');
    expectNoToken(message);
    if (json['message'] === null) return;
    expect(message).toContain(sub);
    // An address that looks the same as the one Clever sent is not another person's.
    const own = email.toLowerCase();
    expectNothingOf(
      message,
      sisIds.flatMap(signsOf).filter((sign) => sign !== own),
    );
    expectNothingOf(
      message,
      refusals.map(([, change]) => change.sub).filter((other) => other !== sub),
    );
  });

  it.each(cases)('as a row of the export for %s of %s is the person’s own', async (code, sub, email, about, index) => {
    const { text } = await ask(`/support/districts/${juniper.id}/mismatches.csv`);
    expectNoToken(text);
    const lines = text.split('\r\n').filter((line) => line.includes(showReference(attempts[index]?.reference ?? '')));
    // What the district cannot mend is not in it, nor who got in meanwhile.
    expect(lines).toHaveLength(code === 'identity_changed' ? 0 : 1);
    // The id of the one account whose address looks like theirs, and the name that Clever sent.
    const isOwn = about.length === 1 && email !== 'elsewhere@juniper.example' && code !== 'role_conflict';
    const sent = attempts[index]?.clever;
    const own = [email, sent?.given_name, sent?.family_name, ...(isOwn ? about : [])].map((each) =>
      each?.toLowerCase(),
    );
    expectNothingOf(
      lines.join(),
      sisIds.flatMap(signsOf).filter((sign) => !own.some((each) => each?.includes(sign))),
    );
    if (code !== 'identity_changed') expect(lines[0]?.includes(`,"${about[0]}",`)).toBe(isOwn);
    expectNothingOf(
      lines.join(),
      refusals.map(([, change]) => change.sub).filter((other) => other !== sub),
    );
  });

  describe.each(['page', 'json'] as const)('as a %s', (form) => {
    it.each(cases)('of %s of %s names no other person', async (_code, sub, _email, about, index) => {
      const others = sisIds.filter((sisId) => !about.some((each) => each === sisId));
      const subs = refusals.map(([, change]) => change.sub).filter((other) => other !== sub);
      const path = `/support/attempts/${attempts[index]?.reference}`;
      const { text } = await ask(path, form);
      expectNoToken(text);
      expectNothingOf(text, [...others.flatMap(signsOf), ...subs, 'clever-of-by-']);
      const person = await ask(`${path}/person`, form);
      expectNoToken(person.text);
      expectNothingOf(person.text, [...others.flatMap(signsOf), ...subs, 'clever-of-by-']);
    });

    it('of an account names no other person', async () => {
      const { text } = await ask(`/support/districts/${juniper.id}/accounts/${account('sis-near')}`, form);
      expectNoToken(text);
      expectNothingOf(text, sisIds.filter((sisId) => sisId !== 'sis-near').flatMap(signsOf));
    });

    it.each([
      '/support',
      '/support/attempts',
      `/support/attempts?district=${juniper.id}`,
      '/support/districts',
      `/support/districts/${juniper.id}`,
      '/support/trail',
    ])('%s names no person', async (path) => {
      const { text } = await ask(path, form);
      expectNoToken(text);
      // Opaque ids are what a audit log is about.
      const signs = sisIds.flatMap((sisId) => signsOf(sisId).filter((sign) => !/^[0-9a-f-]{36}$/.test(sign)));
      expectNothingOf(text, [...signs, ...refusals.map(([, change]) => change.sub), 'clever-of-by-', '>own<', '"own"']);
      expect(text.replaceAll('boss@admin.example', '')).not.toMatch(/@[\w-]+\.example/);
    });
  });

  it('in the audit log keeps the kind of search, never the value', async () => {
    const headers = { ...supportPages.headers.support, 'content-type': 'application/json' };
    const body = JSON.stringify({ email: 'bystander.1@juniper.example', clever_id: 'clever-of-by-1' });
    await supportPages.ask('POST', '/support/attempts/search', { headers, body });
    const { text } = await ask('/support/trail');
    expect(text).toContain('by email, clever_id');
    expectNothingOf(text, ['bystander.1@', 'clever-of-by-1']);
  });
});
