// Ending many sessions because somebody says so: support, the product, the release of a link. Raises the standing's
// serial with the mark in one commit, so that what is opened after it lives and what was opened before does not.
import type { Standings } from '../roster/standing.ts';
import type { Store, Write } from '../store/store.ts';
import type { Revocations } from './revocations.ts';
import type { SessionRegistry } from './session-registry.ts';

export interface EndSessions {
  /** @param alongside written in one piece with the ending's order, such as its trail entry; writes of the district's partition */
  ofAccount(districtId: string, accountId: string, alongside?: readonly Write[]): Promise<void>;
  ofDistrict(districtId: string, alongside?: readonly Write[]): Promise<void>;
}

export interface EndSessionsNeeds {
  readonly store: Store;
  readonly standings: Standings;
  readonly registry: Pick<SessionRegistry, 'endAccounts' | 'endDistrict' | 'outlast'>;
  readonly revocations: Pick<Revocations, 'append'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createEndSessions({ store, standings, registry, revocations, clock }: EndSessionsNeeds): EndSessions {
  /** The serial that everything opened so far is below. @param before what offline checkers are told */
  async function raiseSerial(
    districtId: string,
    before: number,
    alongside: (serial: number) => readonly Write[],
  ): Promise<number> {
    const { standing, unchanged } = await standings.read(districtId, 0);
    const serial = standing.serial + 1;
    const issuesFrom = Math.max(before, standing.issuesFrom ?? 0);
    const write = standings.write(districtId, { ...standing, serial, issuesFrom });
    return (await store.commit([unchanged], [write, ...alongside(serial)]))
      ? serial
      : raiseSerial(districtId, before, alongside);
  }

  return {
    async ofAccount(districtId, accountId, alongside = []) {
      // In one piece: a serial that a failover lost must not be followed by an ending that is above it.
      await registry.outlast(districtId, async () => {
        const serial = await raiseSerial(districtId, Math.floor(clock() / 1000) + 1, () => alongside);
        await registry.endAccounts(districtId, [accountId], serial, clock());
      });
    },
    async ofDistrict(districtId, alongside = []) {
      const ended = [{ kind: 'district', id: districtId }] as const;
      await registry.outlast(districtId, async () => {
        const before = await revocations.append(ended);
        const end = (serial: number) => registry.endDistrict(districtId, serial, clock());
        await raiseSerial(districtId, before, (serial) => [end(serial), ...alongside]);
        // Sessions of a second that began in between are ended here and must be for offline checkers.
        if (Math.floor(clock() / 1000) >= before) {
          await raiseSerial(districtId, await revocations.append(ended), (serial) => [end(serial)]);
        }
      });
    },
  };
}
