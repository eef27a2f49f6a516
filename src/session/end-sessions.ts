// Ends many sessions on request: of support, of the product, or after the release of a link. Raises the published
// roster's version together with the ending in one commit, so that earlier sessions end and later ones stay active.
import { endOf, isOvertaken, nextIssueTime, type PublishedRosters } from '../roster/published-roster.ts';
import type { Store, Write } from '../store/store.ts';
import type { Revocations } from './revocations.ts';
import type { SessionRegistry } from './session-registry.ts';

export interface EndSessions {
  /**
   * @param alongside written atomically with the raised version, such as the audit log entry; writes of the district's
   * partition
   */
  ofAccount(districtId: string, accountId: string, alongside?: readonly Write[]): Promise<void>;
  ofDistrict(districtId: string, alongside?: readonly Write[]): Promise<void>;
}

export interface EndSessionsNeeds {
  readonly store: Store;
  readonly rosters: PublishedRosters;
  readonly registry: Pick<SessionRegistry, 'endAccounts' | 'endDistrict' | 'waitForReplica'>;
  readonly revocations: Pick<Revocations, 'append'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface Raised {
  readonly version: number;
  /** Seconds since the epoch. */
  readonly issuesFrom: number;
}

export function createEndSessions({ store, rosters, registry, revocations, clock }: EndSessionsNeeds): EndSessions {
  /** The version below which all existing sessions are. @param before given to offline verifiers */
  async function raiseVersion(
    districtId: string,
    before: number,
    alongside: (version: number) => readonly Write[],
  ): Promise<number> {
    const { published, unchanged } = await rosters.read(districtId, 0);
    const version = published.version + 1;
    const issuesFrom = Math.max(before, published.issuesFrom ?? 0);
    const write = rosters.write(districtId, { ...published, version, issuesFrom });
    return (await store.commit([unchanged], [write, ...alongside(version)]))
      ? version
      : raiseVersion(districtId, before, alongside);
  }

  /**
   * Retries until it was written before the second from which sessions may be opened again: no earlier session is of
   * that second.
   */
  async function raiseInTime(districtId: string, alongside: readonly Write[], tries = 1): Promise<Raised> {
    const { published, unchanged } = await rosters.read(districtId, 0);
    const raised = {
      version: published.version + 1,
      issuesFrom: nextIssueTime(published, clock(), Math.max(0, tries - 2)),
    };
    const write = rosters.write(districtId, { ...published, ...raised });
    if (!(await store.commit([unchanged], [write, ...alongside]))) return raiseInTime(districtId, alongside, tries);
    return isOvertaken(raised.issuesFrom, clock()) ? raiseInTime(districtId, [], tries + 1) : raised;
  }

  return {
    async ofAccount(districtId, accountId, alongside = []) {
      // As one unit: an ending must not refer to a version that a failover lost.
      await registry.waitForReplica(districtId, async () => {
        const { version, issuesFrom } = await raiseInTime(districtId, alongside);
        await registry.endAccounts(districtId, [accountId], version, endOf(issuesFrom));
      });
    },
    async ofDistrict(districtId, alongside = []) {
      const ended = [{ kind: 'district', id: districtId }] as const;
      await registry.waitForReplica(districtId, async () => {
        const before = await revocations.append(ended);
        const end = (version: number) => registry.endDistrict(districtId, version, clock());
        await raiseVersion(districtId, before, (version) => [end(version), ...alongside]);
        // Sessions of a second that began in between are ended here and must be for offline verifiers too.
        if (Math.floor(clock() / 1000) >= before) {
          await raiseVersion(districtId, await revocations.append(ended), (version) => [end(version)]);
        }
      });
    },
  };
}
