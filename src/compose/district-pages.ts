// The pages of a district's own administrators, and what they share with the administration pages.
import { createDescribeMismatches } from '../admin/district-mismatches.ts';
import { createFindDistrictVisitor } from '../admin/district-visitor.ts';
import { createDistrictAccess } from '../http/district/district-access.ts';
import { createDistrictPages as createRoutes } from '../http/district/routes.ts';
import type { Cookies } from '../http/kit/cookies.ts';
import type { FormToken } from '../http/kit/csrf.ts';
import type { BodyDeadline } from '../http/kit/read-body.ts';
import { createPreflightPages } from '../http/roster/preflight-pages.ts';
import { type UploadPlace, uploadPlace } from '../http/roster/receive-upload.ts';
import { createRosterPages } from '../http/roster/roster-pages.ts';
import type { DataApi } from '../secure-sync/ports.ts';
import type { FindLiveSession } from '../session/live-session.ts';
import type { Services } from './services.ts';

interface SharedPagesNeeds {
  readonly bodyDeadline: BodyDeadline;
  readonly dataApi: Pick<DataApi, 'connect'>;
  /** Called with failures after the response has begun. */
  readonly onFailure: (failure: unknown) => void;
  readonly uploads?: UploadPlace;
}

/** Shared by both surfaces: one upload per district at a time, from either. */
export function createSharedPages(
  { storage, rosters, admin }: Pick<Services, 'storage' | 'rosters' | 'admin'>,
  { bodyDeadline, dataApi, onFailure, uploads = uploadPlace }: SharedPagesNeeds,
) {
  const { recordedPublisher, keptUploads, preflight } = admin;
  const shared = { bodyDeadline, uploads, onFailure };
  return {
    rosterPages: createRosterPages({
      ...shared,
      recordedPublisher,
      lastReports: rosters.lastReports,
      keptUploads,
      clock: storage.clock,
    }),
    preflightPages: createPreflightPages({ ...shared, preflight, dataApi }),
  };
}

export type SharedPages = ReturnType<typeof createSharedPages>;

export interface DistrictPagesNeeds {
  readonly findLiveSession: FindLiveSession;
  readonly cookies: Cookies;
  readonly formToken: FormToken;
  readonly publicUrl: URL;
  readonly sharedPages: SharedPages;
  readonly onFailure: (failure: unknown) => void;
}

export function createDistrictPages(
  { storage, audit, rosters, support, admin }: Services,
  { findLiveSession, cookies, formToken, publicUrl, sharedPages, onFailure }: DistrictPagesNeeds,
) {
  const { auditLog, staffAuditLog } = audit;
  const access = createDistrictAccess({
    findVisitor: createFindDistrictVisitor({ findLiveSession, districts: rosters.districts }),
    cookies,
    formToken,
    origin: publicUrl.origin,
    auditLog,
    staffAuditLog,
    clock: storage.clock,
  });
  return createRoutes({
    access,
    readRosterState: rosters.readRosterState,
    lastReports: rosters.lastReports,
    readMismatches: admin.readDistrictMismatches,
    describeMismatches: createDescribeMismatches({ readDistrictRoster: rosters.readDistrictRoster }),
    incidents: support.incidents,
    readIncident: support.readIncident,
    attempts: support.attempts,
    auditLog,
    ...sharedPages,
    onFailure,
  });
}
