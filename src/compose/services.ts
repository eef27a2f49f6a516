// The part of the composition root that needs only the store, by subject. Each surface takes the services it names.
// Depends on neither HTTP nor OpenID Connect, so that a command starts quickly.

import type { Operator } from '../audit/audit-log.ts';
import type { CommandConfig } from '../config/config.ts';
import type { RosterPublisher } from '../roster/roster-publisher.ts';
import type { Revocations } from '../session/revocations.ts';
import { type Admin, createAdmin } from './admin.ts';
import { type Audit, createAudit } from './audit.ts';
import { createRosters, type Rosters } from './rosters.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { Storage } from './storage.ts';
import { createSupport, type Support } from './support.ts';

export interface Services {
  readonly storage: Storage;
  readonly audit: Audit;
  readonly sessions: Sessions;
  readonly rosters: Rosters;
  readonly support: Support;
  readonly admin: Admin;
}

interface ServicesOptions {
  /** Of a command. */
  readonly operator?: Operator;
  // Wrappers for a server's measurements.
  readonly publisher?: (publisher: RosterPublisher) => RosterPublisher;
  readonly revocations?: (revocations: Revocations) => Revocations;
}

type ServicesConfig = Pick<CommandConfig, 'SESSION_TTL' | 'ATTEMPT_RETENTION' | 'STAFF_FOUR_EYES'>;

export function createServices(
  storage: Storage,
  { SESSION_TTL, ATTEMPT_RETENTION, STAFF_FOUR_EYES }: ServicesConfig,
  options: ServicesOptions = {},
): Services {
  const audit = createAudit(storage, options.operator);
  const sessions = createSessions(storage, { sessionTtlSeconds: SESSION_TTL, watch: options.revocations });
  const rosters = createRosters(storage, audit, sessions, options.publisher);
  const support = createSupport(storage, audit, rosters, ATTEMPT_RETENTION);
  const admin = createAdmin(
    storage,
    { audit, sessions, rosters, support },
    { hasFourEyes: STAFF_FOUR_EYES === 'on', sessionTtlSeconds: SESSION_TTL },
  );
  return { storage, audit, sessions, rosters, support, admin };
}
