// What happens in Juniper Flats before support looks: rosters are published, people get in or fail.

import type { FeedItem } from '../../src/formats/feed.ts';
import { accountIdOf } from '../../src/roster/account.ts';
import { describeRefusal } from '../../src/sign-in/record-refusal.ts';
import type { Attempt } from '../../src/support/attempt.ts';
import { claimsOf, createDecider, juniper, opening } from '../sign-in/decider.ts';
import type { MovableClock } from './clock.ts';
import { feed, students } from './feeds.ts';
import type { TestServices } from './services.ts';

export function createSupportStory(services: TestServices, clock: MovableClock) {
  const story = {
    async publish(rows: readonly FeedItem[] = students(20)): Promise<void> {
      clock.advance(1);
      const published = await services.publisher.publish(juniper.id, 'sftp', feed(...rows), { approve: true });
      if (published.kind !== 'published') throw new Error(published.kind);
      clock.advance(1);
    },
    /** A sign-in of student s0, or of whom the change makes of them; the attempt if it is refused. */
    async signIn(change: Record<string, unknown> = {}): Promise<Attempt | undefined> {
      clock.advance(1);
      const claims = claimsOf(change);
      const decided = await createDecider(services, { clock })(claims, opening);
      if (decided.kind === 'signed-in') return undefined;
      return services.attempts.record(describeRefusal(decided, claims, 'summit-k12', clock()));
    },
    async failed(change: Record<string, unknown> = {}): Promise<Attempt> {
      const attempt = await story.signIn({ email: 'Student.s0@juniper.example', ...change });
      if (attempt === undefined) throw new Error('was let in');
      return attempt;
    },
    accountOf: (sisId: string) => accountIdOf(services.vault, juniper.id, 'student', sisId),
  };
  return story;
}

/** Signs in as another student of the roster. */
export const claimsOfStudent = (sisId: string, change: Record<string, unknown> = {}) => ({
  sub: `clever-of-${sisId}`,
  email: `student.${sisId}@juniper.example`,
  given_name: `Given${sisId}`,
  family_name: `Family${sisId}`,
  ...change,
});
