// Everything that is told of a district's rosters: what is published, held, synced, and what was done to it last.
import type { Trail } from '../support/trail.ts';
import type { District } from './district.ts';
import type { RosterState } from './roster-documents.ts';
import type { SyncLog } from './secure-sync/sync-log.ts';
import type { Standings } from './standing.ts';

export interface RosterStateNeeds {
  readonly standings: Standings;
  readonly syncLog: SyncLog;
  readonly trail: Trail;
}

export type ReadRosterState = (district: District) => Promise<RosterState>;

const entriesTold = 20;

export function createReadRosterState({ standings, syncLog, trail }: RosterStateNeeds): ReadRosterState {
  return async (district) => {
    const [{ standing }, sync, entries] = await Promise.all([
      standings.read(district.id, 0),
      syncLog.read(district.id),
      trail.list(district.id, entriesTold),
    ]);
    return { district, standing, lastSync: sync.last, trail: entries };
  };
}
