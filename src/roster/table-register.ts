// The register of a district's tables, so that tables left by a crash are found and dropped. A name is registered
// before its first row is written. It is released in the commit of the published roster that stops using it, and
// dropped only afterwards: a delayed switch, whose caller got no answer, finds its tables released and fails.
import { randomBytes } from 'node:crypto';
import { partitionOf } from '../district/district.ts';
import type { Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { generationsOf, type PublishedRoster, type PublishedRosters, tablesOf } from './published-roster.ts';

export interface TableRegister {
  /** Registers a name before anything is written under it. */
  enter(districtId: string, name: string): Promise<void>;
  /** Holds while the name is not released; a condition of every switch that begins to use it. */
  kept(districtId: string, name: string): Condition;
  isKept(districtId: string, name: string): Promise<boolean>;
  /** Commit it with the published roster that stops using the name; `clean` drops its tables afterwards. */
  giveUp(districtId: string, name: string): Write;
  /** Drops unused tables: released, `abandoned`, or left by a crash a day ago. */
  clean(districtId: string, abandoned?: string): Promise<void>;
}

interface RegisterNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly rosters: PublishedRosters;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** No publish takes that long; one that was suspended for longer must stage again. */
const abandonedAfterMs = 86_400_000;

const states = { kept: Buffer.from('kept'), givenUp: Buffer.from('given up') } as const;

/** A unique name that sorts by and contains the time. */
export const freshName = (clock: () => number): string =>
  `${clock().toString(36).padStart(9, '0')}${randomBytes(4).toString('hex')}`;

/** The register's name of a generation; any other name is a single table. */
export const generationName = (method: string, generation: string): string => `${method}.${generation}`;

export function createTableRegister({ store, vault, rosters, clock = Date.now }: RegisterNeeds): TableRegister {
  const addressOf = (districtId: string, name: string) => ({
    partition: partitionOf(vault, districtId),
    table: 'made-tables',
    id: name,
  });

  const register: TableRegister = {
    async enter(districtId, name) {
      await store.put(addressOf(districtId, name), states.kept);
    },
    kept: (districtId, name) => ({ at: addressOf(districtId, name), oneOf: [states.kept] }),
    async isKept(districtId, name) {
      const [state] = await store.get([addressOf(districtId, name)]);
      return state?.equals(states.kept) === true;
    },
    giveUp: (districtId, name) => ({ kind: 'put', at: addressOf(districtId, name), value: states.givenUp }),
    async clean(districtId, abandoned) {
      const { partition, table } = addressOf(districtId, '');
      for await (const rows of store.scan(partition, table)) {
        for (const { id, value } of rows) {
          const isDue = value.equals(states.givenUp) || id === abandoned || isOld(id);
          if (isDue && (await secure(districtId, id))) await drop(districtId, id);
        }
      }
    },
  };
  return register;

  /** True if the name is permanently released. */
  async function secure(districtId: string, name: string): Promise<boolean> {
    const { published, unchanged } = await rosters.read(districtId, 0);
    if (namesIn(published).includes(name)) return false;
    return (await store.commit([unchanged], [register.giveUp(districtId, name)])) || secure(districtId, name);
  }

  async function drop(districtId: string, name: string): Promise<void> {
    const { partition } = addressOf(districtId, name);
    for (const table of tablesNamed(name)) await store.drop(partition, table);
    await store.remove(addressOf(districtId, name));
  }

  /** The time precedes the eight random characters at the end. */
  function isOld(name: string): boolean {
    return clock() - Number.parseInt(name.slice(name.indexOf('.') + 1, -8), 36) > abandonedAfterMs;
  }
}

function namesIn({ feeds, retired = [], aftermath: pending }: PublishedRoster): string[] {
  const active = Object.entries(feeds).map(([method, feed]) => ({ method, feed }));
  const generations = [...active, ...retired].flatMap(({ method, feed }) =>
    generationsOf(feed).map(({ id }) => generationName(method, id)),
  );
  return pending === undefined ? generations : [...generations, pending.table];
}

function tablesNamed(name: string): string[] {
  const [method, generation = ''] = name.split('.');
  if (method !== 'sftp' && method !== 'manual' && method !== 'secure-sync') return [name];
  return Object.values(tablesOf(method, generation));
}
