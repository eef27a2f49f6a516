// The services of the commands, by group. A group loads and composes only the subjects that it names, since loading
// takes most of a command's time.

import type { CommandConfig } from '../config/config.ts';
import type { District } from '../district/district.ts';
import type { Services } from './services.ts';
import { openStorage, type Storage } from './storage.ts';

/**
 * A command has no memory of earlier replicas and is not retried by a program, so it waits until a lost replica is
 * known to be lost. Milliseconds.
 */
const replicaPatienceMs = 12_000;

/** The subjects of services.ts, each composed on first use. */
type Subjects = { readonly [Name in Exclude<keyof Services, 'storage'>]: () => Promise<Services[Name]> } & {
  readonly storage: Storage;
};

/** The group of a command, and the services it gets. */
export type CommandGroups = { readonly [Name in keyof typeof groups]: Awaited<ReturnType<(typeof groups)[Name]>> };

export interface CommandServices {
  close(): Promise<void>;
  findDistrict(id: string): Promise<District | undefined>;
  /** Districts that an unknown id may mean. */
  findResembling(id: string): Promise<readonly District[]>;
  open<Name extends keyof CommandGroups>(group: Name): Promise<CommandGroups[Name]>;
}

/** @throws StoreUnavailable, WrongStoreFormat, WrongStoreKeys, StoreLost */
export async function openServices(config: CommandConfig): Promise<Services> {
  const subjects = await openSubjects(config);
  const [audit, sessions, rosters] = [await subjects.audit(), await subjects.sessions(), await subjects.rosters()];
  const [support, admin] = [await subjects.support(), await subjects.admin()];
  return { storage: subjects.storage, audit, sessions, rosters, support, admin };
}

/** The same for the commands. */
export async function openCommandServices(config: CommandConfig): Promise<CommandServices> {
  const subjects = await openSubjects(config);
  return {
    close: () => subjects.storage.store.close(),
    findDistrict: async (id) => (await districtsOf(subjects)).find(id),
    findResembling: async (id) => {
      const { findResemblingDistricts } = await import('../support/resembling-districts.ts');
      return findResemblingDistricts(id, await (await districtsOf(subjects)).list());
    },
    open: (group) => composers[group](subjects),
  };
}

async function openSubjects(config: CommandConfig): Promise<Subjects> {
  const { storage } = await openStorage(config, { replicaPatienceMs });
  const audit = once(async () => {
    const { createAudit, readOperator } = await import('./audit.ts');
    return createAudit(storage, readOperator());
  });
  const sessions = once(async () =>
    (await import('./sessions.ts')).createSessions(storage, { sessionTtlSeconds: config.SESSION_TTL }),
  );
  const rosters = once(async () =>
    (await import('./rosters.ts')).createRosters(storage, await audit(), await sessions()),
  );
  const support = once(async () =>
    (await import('./support.ts')).createSupport(storage, await audit(), await rosters(), config.ATTEMPT_RETENTION),
  );
  const admin = once(async () =>
    (await import('./admin.ts')).createAdmin(
      storage,
      { audit: await audit(), sessions: await sessions(), rosters: await rosters(), support: await support() },
      { hasFourEyes: config.STAFF_FOUR_EYES === 'on', sessionTtlSeconds: config.SESSION_TTL },
    ),
  );
  return { storage, audit, sessions, rosters, support, admin };
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Without the dependencies of rosters. */
const districtsOf = async ({ storage: { store, vault } }: Subjects) =>
  (await import('../district/district.ts')).createDistricts(store, vault);

const groups = {
  // Long because it lists each group with its services. Read-only groups are separate from those that change.
  client: async ({ sessions, admin }: Subjects) => ({
    clients: (await sessions()).clients,
    recordedAccess: (await admin()).recordedAccess,
  }),
  credential: async ({ storage, sessions, admin }: Subjects) => ({
    credentials: (await sessions()).credentials,
    recordedAccess: (await admin()).recordedAccess,
    clock: storage.clock,
  }),
  credentials: async ({ storage: { store, vault, clock } }: Subjects) => ({
    credentials: (await import('../session/credentials.ts')).createCredentials(store, vault, { clock }),
    clock,
  }),
  clients: async ({ storage: { store, vault, clock } }: Subjects) => ({
    clients: (await import('../session/clients.ts')).createClients(store, vault, { clock }),
  }),
  districts: async (subjects: Subjects) => {
    const { store, vault, clock } = subjects.storage;
    const districts = await districtsOf(subjects);
    const { createSignInCounts } = await import('../support/sign-in-counts.ts');
    return { districts, counts: createSignInCounts({ store, vault, districts, clock }), clock };
  },
  district: async ({ admin }: Subjects) => {
    const { putDistrict, eraseDistrict, hasFourEyes } = await admin();
    return { putDistrict, eraseDistrict, hasFourEyes };
  },
  keys: async ({ sessions, admin }: Subjects) => ({
    keys: (await sessions()).keys,
    recordedAccess: (await admin()).recordedAccess,
  }),
  preflight: async (subjects: Subjects) => ({
    preflight: (await subjects.admin()).preflight,
    sync: await syncOf(subjects),
  }),
  read: async ({ storage, audit, sessions, rosters, support }: Subjects) => {
    const { readPersonHistory, judge, searchAttempts, openAttempt } = await support();
    return {
      districts: (await rosters()).districts,
      credentials: (await sessions()).credentials,
      staffAuditLog: (await audit()).staffAuditLog,
      ...{ readPersonHistory, judge, searchAttempts, openAttempt },
      clock: storage.clock,
    };
  },
  rosterStatus: async ({ rosters }: Subjects) => ({ readRosterState: (await rosters()).readRosterState }),
  roster: async ({ storage, rosters, admin }: Subjects) => {
    const { recordedPublisher, hasFourEyes } = await admin();
    return { rosters: (await rosters()).rosters, recordedPublisher, hasFourEyes, clock: storage.clock };
  },
  store: async ({ storage: { store, clock }, audit, sessions, admin }: Subjects) => ({
    store,
    credentials: (await sessions()).credentials,
    handleRestore: (await admin()).handleRestore,
    staffAuditLog: (await audit()).staffAuditLog,
    clock,
  }),
  support: async ({ storage, audit, support, admin }: Subjects) => {
    const { releaseLinks, moveLinks, endSessionsBecause, hasFourEyes } = await admin();
    return {
      ...{ releaseLinks, moveLinks, endSessionsBecause, hasFourEyes },
      attempts: (await support()).attempts,
      staffAuditLog: (await audit()).staffAuditLog,
      clock: storage.clock,
    };
  },
  sync: async (subjects: Subjects) => ({
    districts: (await subjects.rosters()).districts,
    sync: await syncOf(subjects),
    staffAuditLog: (await subjects.audit()).staffAuditLog,
    clock: subjects.storage.clock,
  }),
};

/** The same, typed by name. */
const composers: { readonly [Name in keyof CommandGroups]: (subjects: Subjects) => Promise<CommandGroups[Name]> } =
  groups;

async function syncOf({ storage: { store, vault }, audit, rosters }: Subjects) {
  const { publisher, syncLog } = await rosters();
  return { store, vault, publisher, syncLog, auditLog: (await audit()).auditLog };
}
