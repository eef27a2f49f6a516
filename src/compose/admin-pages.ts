// The pages of administration: districts, rosters, credentials, clients, keys.

import type { CleverCheckConfig } from '../config/config.ts';
import type { District } from '../district/district.ts';
import { createAdminAccessPages } from '../http/admin/access-pages.ts';
import type { AdminAccess } from '../http/admin/admin-access.ts';
import type { AdminPagesNeeds, CheckClever, CheckedThing } from '../http/admin/admin-needs.ts';
import { createAdminClientPages } from '../http/admin/client-pages.ts';
import { createAdminDistrictPages } from '../http/admin/district-pages.ts';
import { createAdminRosterPages } from '../http/admin/roster-pages.ts';
import type { SyncDistrict } from '../secure-sync/sync-district.ts';
import { createCleverCheck } from './clever-check.ts';
import { describeCleverCheck } from './describe-clever-check.ts';
import type { SharedPages } from './district-pages.ts';
import type { Services } from './services.ts';

export interface AdminSurface {
  readonly access: AdminAccess;
  readonly sharedPages: SharedPages;
  readonly sync: SyncDistrict;
  readonly checkClever: CheckClever;
}

export function createAdminPages(
  { storage, audit, sessions, rosters, admin }: Services,
  { access, sharedPages, sync, checkClever }: AdminSurface,
) {
  const needs: AdminPagesNeeds = {
    access,
    sync,
    checkClever,
    ...sharedPages,
    ...audit,
    clock: storage.clock,
    districts: rosters.districts,
    putDistrict: admin.putDistrict,
    staffActions: admin.staffActions,
    readDistrictReach: admin.readDistrictReach,
    readRosterState: rosters.readRosterState,
    lastReports: rosters.lastReports,
    compareKept: rosters.publisher.compareKept,
    credentials: sessions.credentials,
    clients: sessions.clients,
    keys: sessions.keys,
    recordedAccess: admin.recordedAccess,
  };
  return [
    createAdminDistrictPages(needs),
    createAdminRosterPages(needs),
    createAdminAccessPages(needs),
    createAdminClientPages(needs),
  ];
}

/** For the administration pages: opened for one check, and closed. */
export const createCheckClever =
  (config: CleverCheckConfig) =>
  async (district: District): Promise<readonly CheckedThing[]> => {
    const check = createCleverCheck(config);
    try {
      return await describeCleverCheck(check, [district]);
    } finally {
      await check.close();
    }
  };
