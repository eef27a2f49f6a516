// Undoes links because somebody says so: the sessions that stood on them end, and both trails keep why.
import type { Links } from '../roster/links.ts';
import type { EndSessions } from '../session/end-sessions.ts';
import type { StaffTrail } from './staff-trail.ts';
import type { Trail, TrailEntry } from './trail.ts';

export interface Said {
  /** As in the trail. */
  readonly by: string;
  readonly reason: string;
}

export interface ReleaseLinks {
  /**
   * The next matching sign-in makes a new link. False if the account had none; its sessions are ended all the same, so
   * that doing it again finishes what a crash broke off.
   */
  ofAccount(districtId: string, accountId: string, said: Said): Promise<boolean>;
  ofDistrict(districtId: string, said: Said): Promise<void>;
}

export interface ReleaseLinksNeeds {
  readonly links: Pick<Links, 'release' | 'releaseAll'>;
  readonly endSessions: EndSessions;
  readonly trail: Pick<Trail, 'write'>;
  readonly staffTrail: Pick<StaffTrail, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createReleaseLinks({ links, endSessions, trail, staffTrail, clock }: ReleaseLinksNeeds): ReleaseLinks {
  const entry = (account: string, { by, reason }: Said): TrailEntry => ({
    action: 'link_released',
    at: clock(),
    by,
    account,
    reason,
  });
  const tellStaff = (
    action: 'link_released' | 'links_released',
    district: string,
    account: string,
    { by, reason: why }: Said,
  ) => staffTrail.record({ action, at: clock(), by, why, district, account });
  return {
    async ofAccount(districtId, accountId, said) {
      const released = await links.release(districtId, accountId);
      // After the link: who signs in from here on makes a new link, and that session lives.
      const alongside = released ? [trail.write(districtId, entry(accountId, said))] : [];
      await endSessions.ofAccount(districtId, accountId, alongside);
      if (released) await tellStaff('link_released', districtId, accountId, said);
      return released;
    },
    async ofDistrict(districtId, said) {
      await links.releaseAll(districtId);
      await endSessions.ofDistrict(districtId, [trail.write(districtId, entry('all', said))]);
      await tellStaff('links_released', districtId, 'all', said);
    },
  };
}
