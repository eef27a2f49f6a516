// The services of the commands, by group; a group is a file of cli/.

import type { CommandConfig } from '../config/config.ts';
import { readOperator } from './audit.ts';
import { createServices, type Services } from './services.ts';
import { openStorage } from './storage.ts';

/**
 * A command keeps no memory of earlier replicas and is not retried by a program, so it waits until a replica that has
 * just gone is known to be gone. Milliseconds.
 */
const replicaPatienceMs = 12_000;

export type CommandServices = ReturnType<typeof createCommandServices>;

/** @throws StoreUnavailable, WrongStoreFormat, WrongStoreKeys, StoreLost */
export async function openServices(config: CommandConfig): Promise<Services> {
  const { storage } = await openStorage(config, { replicaPatienceMs });
  return createServices(storage, config, { operator: readOperator() });
}

/** The same for the commands: what each group of them is handed. */
export const openCommandServices = async (config: CommandConfig): Promise<CommandServices> =>
  createCommandServices(await openServices(config));

function createCommandServices({ storage, audit, sessions, rosters, support, admin }: Services) {
  const { store, vault, clock } = storage;
  const { districts, publisher, syncLog } = rosters;
  const { credentials, clients, keys } = sessions;
  const { hasFourEyes } = admin;
  const sync = { store, vault, publisher, syncLog, auditLog: audit.auditLog };
  return {
    close: () => store.close(),
    findDistrict: districts.find,
    client: { clients, recordedAccess: admin.recordedAccess },
    credential: { credentials, recordedAccess: admin.recordedAccess, clock },
    district: {
      districts,
      putDistrict: admin.putDistrict,
      eraseDistrict: admin.eraseDistrict,
      hasFourEyes,
      counts: support.counts,
      clock,
    },
    keys: { keys, recordedAccess: admin.recordedAccess },
    preflight: { preflight: admin.preflight, sync },
    read: {
      districts,
      credentials,
      staffAuditLog: audit.staffAuditLog,
      readPersonHistory: support.readPersonHistory,
      judge: support.judge,
      searchAttempts: support.searchAttempts,
      openAttempt: support.openAttempt,
      clock,
    },
    roster: {
      rosters: rosters.rosters,
      readRosterState: rosters.readRosterState,
      recordedPublisher: admin.recordedPublisher,
      hasFourEyes,
      clock,
    },
    store: { store, credentials, handleRestore: admin.handleRestore, staffAuditLog: audit.staffAuditLog, clock },
    support: {
      releaseLinks: admin.releaseLinks,
      moveLinks: admin.moveLinks,
      endSessionsBecause: admin.endSessionsBecause,
      hasFourEyes,
      attempts: support.attempts,
      staffAuditLog: audit.staffAuditLog,
      clock,
    },
    sync: { districts, sync, staffAuditLog: audit.staffAuditLog, clock },
  };
}
