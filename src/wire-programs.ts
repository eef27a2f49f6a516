// What programs ask with a credential: the main product, support, administration (staff too). Part of the composition root.
import type { OnAccessRefused } from './http/access-refused.ts';
import { createGuards, type Guards } from './http/authenticate.ts';
import type { BodyDeadline } from './http/body-deadline.ts';
import { createDistrictRoutes } from './http/roster/district-routes.ts';
import { createPreflightRoutes } from './http/roster/preflight-routes.ts';
import { createProductRosterRoutes } from './http/roster/product-routes.ts';
import { type UploadPlace, uploadPlace } from './http/roster/receive-upload.ts';
import { createUploadRoutes } from './http/roster/upload-routes.ts';
import { createEndRoutes } from './http/session/end-routes.ts';
import { createTokenRoutes } from './http/session/token-routes.ts';
import type { DataApi } from './roster/secure-sync/ports.ts';
import type { FindLiveSession } from './session/live-session.ts';
import type { SessionTokens } from './session/session-token.ts';
import { isLogCursor } from './store/log-cursor.ts';
import type { Office } from './wire-office.ts';

type ProgramOffice = Pick<
  Office,
  | 'clock'
  | 'credentials'
  | 'districts'
  | 'endSessionsBecause'
  | 'followRoster'
  | 'preflight'
  | 'readRoster'
  | 'putDistrict'
  | 'readRosterState'
  | 'recordedPublisher'
  | 'registry'
  | 'revocations'
  | 'trail'
>;

export interface ProgramRoutesNeeds {
  readonly tokens: SessionTokens;
  readonly findLiveSession: FindLiveSession;
  readonly issuer: string;
  readonly audience: string;
  readonly bodyDeadline: BodyDeadline;
  /** Told of what went wrong after an answer had begun. */
  readonly onFailure: (failure: unknown) => void;
  readonly dataApi: Pick<DataApi, 'connect'>;
  readonly onRefused?: OnAccessRefused;
  readonly uploads?: UploadPlace;
  /** Who may do what; credentials alone if not given. */
  readonly guards?: Guards;
}

export function createProgramRoutes(office: ProgramOffice, { uploads = uploadPlace, ...rest }: ProgramRoutesNeeds) {
  const needs = { guards: createGuards(office.credentials, rest.onRefused), ...office, ...rest, uploads };
  return [
    createTokenRoutes({ ...needs, isRevocationCursor: isLogCursor }),
    createProductRosterRoutes({ ...needs, findDistrict: office.districts.find }),
    createEndRoutes({ ...needs, findDistrict: office.districts.find }),
    createDistrictRoutes(needs),
    createUploadRoutes(needs),
    createPreflightRoutes(needs),
  ];
}
