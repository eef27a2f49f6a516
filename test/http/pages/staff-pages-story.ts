// A district on the morning after its domain was renamed, as /district and /admin show it: people who fail for one cause and
// for others, a roster that is held, reports with errors and warnings.
import { errorAt, warningAt } from '../../../src/formats/finding.ts';
import { describeRefusal } from '../../../src/sign-in/record-refusal.ts';
import { createClock } from '../../helpers/clock.ts';
import { feed, staff, student, students } from '../../helpers/feeds.ts';
import type { Place } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOf, createDecider, juniper, opening } from '../../sign-in/decider.ts';

export interface StaffPagesStory {
  readonly pages: SupportFixture;
  /** `name=value` of a live session of the district's administrator. */
  readonly administrator: () => Promise<string>;
}

export async function startStaffPagesStory(place: Place, fourEyes: 'on' | 'off' = 'off'): Promise<StaffPagesStory> {
  const clock = createClock();
  const pages = await startSupport(await place.open(clock), { clock, fourEyes });
  const { districts, publisher, attempts, tokens } = pages.services;
  await districts.put(juniper);
  const boss = staff({ sisId: 'boss', role: 'administrator', position: 'district_admin' });
  await publisher.publish(juniper.id, 'manual', feed(boss));
  const two = [0, 1].map((at) =>
    student({ sisId: `b${at}`, email: 'shared@juniper.example', givenName: `Givenb${at}`, familyName: `Familyb${at}` }),
  );
  await publisher.publish(juniper.id, 'sftp', feed(...students(40), ...two));
  const place7 = { file: 'students.csv', line: 7, column: 'Student_email' };
  const notes = Array.from({ length: 20 }, (_, at) => warningAt('capitals', { ...place7, line: at + 8 }));
  await publisher.publish(
    juniper.id,
    'sftp',
    feed(...students(40), ...two, ...notes, warningAt('email_shared', place7)),
  );
  clock.advance(600);

  const decide = (change: Record<string, unknown>) =>
    createDecider(pages.services, { clock })(claimsOf(change), opening);
  async function fail(change: Record<string, unknown>): Promise<void> {
    clock.advance(2);
    const decided = await decide(change);
    if (decided.kind === 'signed-in') throw new Error('was let in');
    await attempts.record(describeRefusal(decided, claimsOf(change), 'summit-k12', clock()));
  }
  for (let at = 0; at < 14; at += 1)
    await fail({
      sub: `clever-of-s${at}`,
      email: `student.s${at}@old-name.juniper.example`,
      given_name: `Givens${at}`,
      family_name: `Familys${at}`,
    });
  await fail({ sub: 'c20', email: 'STUDENT.s20@juniper.example', given_name: 'Givens20', family_name: 'Familys20' });
  await fail({ sub: 'c-b0', email: 'shared@juniper.example', given_name: 'Givenb0', family_name: 'Familyb0' });
  await fail({ sub: 'c-new', email: 'new.child@juniper.example', given_name: 'Newchild', family_name: 'Oriel' });
  const broken = student({ sisId: 's1', familyName: 'Twice', email: 'twice@juniper.example' });
  await publisher.publish(
    juniper.id,
    'manual',
    feed(boss, ...students(2), broken, errorAt('file_missing', { file: 'schools.csv' })),
  );
  await publisher.publish(juniper.id, 'sftp', feed(...students(3)));

  return {
    pages,
    async administrator() {
      clock.advance(1);
      const who = { sub: 'clever-boss', user_type: 'district_admin', email: 'staff.boss@juniper.example' };
      const decided = await decide({ ...who, given_name: 'Givenboss', family_name: 'Familyboss' });
      if (decided.kind !== 'signed-in') throw new Error(decided.code);
      return `summit_session=${await tokens.issue(decided.claims)}`;
    },
  };
}

export const rosterFiles = (addresses: readonly string[], broken = false) => [
  { name: 'schools.csv', text: 'School_id,School_name,School_number\nschool-1,One,1\n' },
  {
    name: 'students.csv',
    text: `School_id,Student_id,Last_name,First_name,Grade,Student_email\n${addresses
      .map((address, at) => `school-1,${broken && at === 3 ? '' : `s${at}`},Familys${at},Givens${at},3,${address}`)
      .join('\n')}\n`,
  },
  { name: 'teachers.csv', text: 'School_id,Teacher_id,Teacher_email,First_name,Last_name\n' },
];
