// Takes leave of a district: everything it ever had here is erased, and what that was is told in numbers.
import type { Revocations } from '../session/revocations.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { AttemptLog } from '../support/attempt-log.ts';
import { type District, type Districts, partitionOf } from './district.ts';
import type { Report } from './report.ts';
import type { Standing, Standings } from './standing.ts';

export interface Erased {
  readonly generations: number;
  /** Accounts, classes and enrollments over all generations as they were staged: published, former and held. */
  readonly accounts: number;
  readonly classes: number;
  readonly enrollments: number;
  /** Links, one for each account that was linked. */
  readonly links: number;
  readonly attempts: number;
}

export interface EraseDistrictNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly districts: Districts;
  readonly standings: Standings;
  readonly attempts: Pick<AttemptLog, 'eraseDistrict'>;
  readonly revocations: Pick<Revocations, 'append'>;
}

export type EraseDistrict = (district: District) => Promise<Erased>;

export function createEraseDistrict(needs: EraseDistrictNeeds): EraseDistrict {
  const { store, vault, districts, standings, attempts, revocations } = needs;

  async function countOf(partition: string, standing: Standing): Promise<Omit<Erased, 'attempts'>> {
    const reports = Object.values(standing.feeds).flatMap(({ active, former, held }) =>
      [active, former, held?.generation].flatMap((generation) => generation?.report ?? []),
    );
    const sum = (count: (report: Report) => number) => reports.reduce((total, report) => total + count(report), 0);
    return {
      generations: reports.length,
      accounts: sum(({ accounts }) => Object.values(accounts).reduce((total, count) => total + count, 0)),
      classes: sum(({ classes }) => classes),
      enrollments: sum(({ enrollments }) => enrollments),
      // Each link has two sides.
      links: Math.ceil((await store.count(partition, `links.${standing.linkEpoch}`)) / 2),
    };
  }

  return async (district) => {
    const partition = partitionOf(vault, district.id);
    const { standing } = await standings.read(district.id, 0);
    const counts = await countOf(partition, standing);
    // Nobody can begin anything for it from here on.
    await districts.remove(district);
    // Rosters, aliases, links, sessions, standing, trail, changes, syncs, drops: all of them live in its partition.
    await store.erase(partition);
    const erasedAttempts = await attempts.eraseDistrict(district.id);
    // Once more, for what a publish that was under way wrote meanwhile; its switch finds nothing and fails.
    await store.erase(partition);
    // Its sessions are gone with it; who checks offline is told.
    await revocations.append([{ kind: 'district', id: district.id }]);
    return { ...counts, attempts: erasedAttempts };
  };
}
