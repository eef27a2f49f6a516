// What staff looked at or did, as programs read it. Holds no address of a person: references and opaque ids alone.
import type { StaffTrailEntry } from '../../support/staff-trail.ts';

export const describeStaffEntry = ({ at, action, by, why, ...facts }: StaffTrailEntry) => ({
  at: new Date(at).toISOString(),
  ...{ action, by, why },
  ...facts,
});
