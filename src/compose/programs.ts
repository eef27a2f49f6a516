// The routes that programs call with a credential: the main product, support, administration.
import type { Router } from 'express';
import { createDistrictRoutes } from '../http/admin/district-routes.ts';
import { createGuards, type Guards, type OnAccessRefused } from '../http/kit/authenticate.ts';
import type { BodyDeadline } from '../http/kit/read-body.ts';
import { createPreflightRoutes } from '../http/roster/preflight-routes.ts';
import { createProductRosterRoutes } from '../http/roster/product-routes.ts';
import { type UploadPlace, uploadPlace } from '../http/roster/receive-upload.ts';
import { createUploadRoutes } from '../http/roster/upload-routes.ts';
import { createTokenRoutes } from '../http/session/token-routes.ts';
import type { DataApi } from '../secure-sync/ports.ts';
import type { FindLiveSession } from '../session/live-session.ts';
import type { SessionTokens } from '../session/session-token.ts';
import type { Services } from './services.ts';

type ProgramServices = Pick<Services, 'storage' | 'audit' | 'sessions' | 'rosters' | 'admin'>;

interface ProgramRoutesNeeds {
  readonly tokens: SessionTokens;
  readonly findLiveSession: FindLiveSession;
  readonly issuer: string;
  readonly audience: string;
  readonly bodyDeadline: BodyDeadline;
  /** Called with failures after the response has begun. */
  readonly onFailure: (failure: unknown) => void;
  readonly dataApi: Pick<DataApi, 'connect'>;
  readonly onRefused?: OnAccessRefused;
  readonly uploads?: UploadPlace;
  /** Default: credentials only. */
  readonly guards?: Guards;
}

interface ProgramRoutes {
  /** About tokens: a product may call them for each of its own requests. */
  readonly tokenRoutes: Router;
  readonly rareRoutes: readonly Router[];
}

export function createProgramRoutes(services: ProgramServices, needs: ProgramRoutesNeeds): ProgramRoutes {
  const { storage, audit, sessions, rosters, admin } = services;
  const { tokens, findLiveSession, issuer, audience, bodyDeadline, onFailure, dataApi, uploads = uploadPlace } = needs;
  const { guards = createGuards(sessions.credentials, needs.onRefused) } = needs;
  const { districts, readRoster, followRoster, readRosterState } = rosters;
  const { endSessionsBecause, putDistrict, recordedPublisher, staffActions, preflight } = admin;
  const { registry, revocations } = sessions;
  const { clock } = storage;
  const { auditLog } = audit;
  const findDistrict = districts.find;
  const tokenRoutes = createTokenRoutes({
    guards,
    tokens,
    findLiveSession,
    registry,
    revocations,
    issuer,
    audience,
  });
  const rareRoutes = [
    createProductRosterRoutes({ guards, findDistrict, readRoster, followRoster, onFailure }),
    createDistrictRoutes({ guards, districts, putDistrict, staffActions, readRosterState, endSessionsBecause }),
    createUploadRoutes({ guards, districts, recordedPublisher, staffActions, bodyDeadline, uploads, clock }),
    createPreflightRoutes({
      guards,
      districts,
      preflight,
      auditLog,
      dataApi,
      bodyDeadline,
      uploads,
      onFailure,
      clock,
    }),
  ];
  return { tokenRoutes, rareRoutes };
}
