// Support pages with data on every page: a failure of each kind, a person with a history, a held roster, a busy day.

import type { SentRoster } from '../../../src/admin/read-sent.ts';
import type { FeedItem } from '../../../src/formats/feed.ts';
import { readReference, showReference } from '../../../src/outcome/reference.ts';
import { describeRefusal } from '../../../src/sign-in/record-refusal.ts';
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { feed, student, students, teacher } from '../../helpers/feeds.ts';
import type { Place } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOf, createDecider, juniper, opening, wexley } from '../../sign-in/decider.ts';

export interface FullSupport {
  readonly supportPages: SupportFixture;
  /** Where each page is, by what is to be seen there. */
  readonly paths: Readonly<Record<string, string>>;
  /** Failures of students s0 to s19, spread over the hours before now. */
  addFailures(count: number): Promise<void>;
}

const atSchool = (local: string) => `${local}@students.juniper.example`;
const rows = (size: number) => [
  ...students(size),
  student({ sisId: '710003', email: atSchool('tabara'), givenName: 'Tomasz', familyName: 'Abara' }),
  student({ sisId: '710004', email: atSchool('spatel'), givenName: 'Saoirse', familyName: 'Patel' }),
  student({ sisId: '710005', email: atSchool('kdelacroix'), givenName: 'Kwame', familyName: 'Delacroix' }),
  student({ sisId: '710006', email: atSchool('odalys.berhane'), givenName: 'Odalys', familyName: 'Berhane' }),
  student({ sisId: '710008', email: atSchool('asandoval'), givenName: 'Amara', familyName: 'Sandoval' }),
  student({ sisId: '710009', email: atSchool('asandoval'), givenName: 'Amira', familyName: 'Sandoval' }),
  student({ sisId: '710011', email: atSchool('jsilva'), givenName: 'Jonah', familyName: 'Silva' }),
  teacher({ sisId: '9103', email: 'lmarchetti@juniper.example', givenName: 'Livia', familyName: 'Marchetti' }),
];

/** Who fails, and over what. */
const failing = {
  case: { sub: 'a1f0c2', email: atSchool('TAbara'), given_name: 'Tomasz', family_name: 'Abara' },
  unicode: { sub: 'a1f0c3', email: atSchool('sp\u0430tel'), given_name: 'Saoirse', family_name: 'Patel' },
  whitespace: { sub: 'a1f0c4', email: `${atSchool('kdelacroix')} `, given_name: 'Kwame', family_name: 'Delacroix' },
  domain: {
    sub: 'a1f0c5',
    email: 'odalys.berhane@old-name-of-the-district.example',
    given_name: 'Odalys',
    family_name: 'Berhane',
  },
  ambiguous: { sub: 'a1f0c6', email: atSchool('asandoval'), given_name: 'Amara', family_name: 'Sandoval' },
  'identity-changed': { sub: 'a1f0c8', email: atSchool('jsilva'), given_name: 'Joaquim', family_name: 'Silva' },
  'not-rostered': {
    sub: 'a1f0c9',
    email: 'moved.here@wexley.example',
    given_name: 'Clementine',
    family_name: 'Arroyo',
  },
  left: { sub: 'a1f0d0', email: atSchool('fkowalczyk'), given_name: 'Farida', family_name: 'Kowalczyk' },
  'no-email': { sub: 'a1f0d1', email: undefined, given_name: 'Juno', family_name: 'Vandermeer' },
  'role-conflict': {
    sub: 'a1f0d2',
    email: 'lmarchetti@juniper.example',
    given_name: 'Bodhi',
    family_name: 'Marchetti',
  },
  unlinked: { sub: 'a1f0d3', email: 'sb@harbor.example', district: 'bbbbc1571758a8688d55e572' },
} satisfies Record<string, Record<string, unknown>>;

export async function startFullSupport(place: Place): Promise<FullSupport> {
  const clock = createClock();
  const supportPages = await startSupport(await place.open(clock), { clock });
  const { services } = supportPages;
  await services.districts.put(juniper);
  await services.districts.put({ ...wexley, rostering: ['sftp'] });
  await publish(supportPages, clock, wexley.id, student({ sisId: 'w1', email: failing['not-rostered'].email }));
  const gone = student({ sisId: '710012', email: failing.left.email, givenName: 'Farida', familyName: 'Kowalczyk' });
  await publish(supportPages, clock, juniper.id, ...rows(40), gone);
  clock.advance(3_600);
  await publish(supportPages, clock, juniper.id, ...rows(40));

  const signIn = createSignIn(supportPages, clock);
  await signIn({ ...failing['identity-changed'], sub: 'a1f0c7', given_name: 'Jonah' });
  const references: Record<string, string> = {};
  for (const [name, change] of Object.entries(failing)) {
    references[name] = await signIn(change);
    clock.advance(240);
  }
  const outage = { code: 'clever_unavailable', app: 'summit-k12', at: clock() } as const;
  references['unavailable'] = showReference((await services.attempts.record(outage)).reference);
  references['resolved'] = await failAndGetIn(supportPages, clock);
  await publish(supportPages, clock, juniper.id, ...rows(4));
  const cases = Object.entries(references).map(([name, one]) => [`case-${name}`, `/support/attempts/${one}`]);
  return {
    supportPages,
    paths: {
      home: '/support',
      list: '/support/attempts',
      none: '/support/attempts?code=rate_limited',
      ...Object.fromEntries(cases),
      person: `/support/attempts/${references['resolved']}/person`,
      districts: '/support/districts',
      district: `/support/districts/${juniper.id}`,
      'district-quiet': `/support/districts/${wexley.id}`,
      trail: '/support/trail',
      'not-found': '/support/attempts/0000-0000',
    },
    addFailures: (count) => addFailures(supportPages, clock, count),
  };
}

async function publish(
  { services }: SupportFixture,
  clock: MovableClock,
  district: string,
  ...items: readonly FeedItem[]
) {
  clock.advance(1);
  const sent: SentRoster = { method: 'sftp', feed: feed(...items), digests: [] };
  await services.recordedPublisher.publish(district, sent, 'sftp');
  clock.advance(60);
}

/** Answers the reference, empty if the person got in. */
const createSignIn =
  ({ services }: SupportFixture, clock: MovableClock) =>
  async (change: Readonly<Record<string, unknown>>): Promise<string> => {
    clock.advance(1);
    const claims = claimsOf(change);
    const decided = await createDecider(services, { clock })(claims, opening);
    if (decided.kind === 'signed-in') return '';
    const { reference } = await services.attempts.record(describeRefusal(decided, claims, 'summit-k12', clock()));
    return showReference(reference);
  };

/** Twice refused over a capital letter, then let in, the link released, and let in again. */
async function failAndGetIn(supportPages: SupportFixture, clock: MovableClock): Promise<string> {
  const { services } = supportPages;
  const signIn = createSignIn(supportPages, clock);
  const capital = { email: 'STUDENT.s0@juniper.example' };
  await signIn(capital);
  clock.advance(1_200);
  const reference = await signIn(capital);
  clock.advance(1_200);
  await signIn({});
  const attempt = await services.attempts.find(readReference(reference) ?? '');
  const account = attempt?.about?.[0]?.account ?? '';
  await services.releaseLinks.ofAccount(juniper.id, account, {
    by: 'casey@support.example',
    reason: 'the same person, with a new Clever account',
  });
  clock.advance(600);
  await signIn({});
  return reference;
}

/** Most of them in the last hours, a fifth of another code, of twenty people. */
async function addFailures({ services }: SupportFixture, clock: MovableClock, count: number): Promise<void> {
  const record = (index: number) =>
    services.attempts.record({
      code: index % 5 === 0 ? 'not_rostered' : 'email_mismatch',
      ...(index % 5 === 0 ? {} : { difference: 'case' }),
      app: 'summit-k12',
      district: juniper.id,
      at: clock() - Math.round(23 * 3_600_000 * (index / count) ** 2),
      clever: { clever_id: `many-${index % 20}`, user_type: 'student', email: `Many.${index % 20}@juniper.example` },
    });
  for (let done = 0; done < count; done += 500) {
    const batch = Array.from({ length: Math.min(500, count - done) }, (_, index) => record(count - 1 - done - index));
    await Promise.all(batch);
  }
}
