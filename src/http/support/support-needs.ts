// What the support routes stand on.
import type { Districts } from '../../roster/district.ts';
import type { ReadRosterState } from '../../roster/read-roster-state.ts';
import type { RecordedPublisher } from '../../roster/recorded-publisher.ts';
import type { Credentials } from '../../session/credentials.ts';
import type { OpenCase } from '../../support/attempt-case.ts';
import type { AttemptLog } from '../../support/attempt-log.ts';
import type { EndSessionsBecause } from '../../support/end-sessions-because.ts';
import type { ReadPersonHistory } from '../../support/person-history.ts';
import type { ReleaseLinks } from '../../support/release-links.ts';
import type { ResolveAttempts } from '../../support/resolve-attempts.ts';
import type { SearchAttempts } from '../../support/search-attempts.ts';
import type { StaffTrail } from '../../support/staff-trail.ts';
import type { OnAccessRefused } from '../access-refused.ts';
import type { StaffAccess } from './staff-access.ts';

export interface SupportRoutesNeeds {
  readonly access: StaffAccess;
  readonly onRefused: OnAccessRefused;
  readonly attempts: AttemptLog;
  readonly searchAttempts: SearchAttempts;
  readonly resolve: ResolveAttempts;
  readonly openCase: OpenCase;
  readonly readPersonHistory: ReadPersonHistory;
  readonly staffTrail: StaffTrail;
  readonly credentials: Pick<Credentials, 'list'>;
  readonly districts: Districts;
  readonly readRosterState: ReadRosterState;
  readonly releaseLinks: ReleaseLinks;
  readonly endSessionsBecause: EndSessionsBecause;
  readonly recordedPublisher: RecordedPublisher;
  /** Turns rows into the bytes of a CSV. */
  readonly writeCsv: (rows: AsyncIterable<readonly (string | undefined)[]>) => NodeJS.ReadableStream;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}
