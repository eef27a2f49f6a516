// Which tables publishing has made in a district, so that what a crash leaves behind is found and dropped. A name stands
// here before its first row is written. It is given up in one step with the standing that does not use it, and only then
// dropped: a switch that arrives late, after its caller was told nothing, finds its tables given up and does not happen.
import { randomBytes } from 'node:crypto';
import type { Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { partitionOf } from './district.ts';
import { generationsOf, type Standing, type Standings, tablesOf } from './standing.ts';

export interface TableRegister {
  /** Notes a name before anything is written under it. */
  enter(districtId: string, name: string): Promise<void>;
  /** Holds while nobody has given the name up; a condition of every switch that begins to use it. */
  kept(districtId: string, name: string): Condition;
  isKept(districtId: string, name: string): Promise<boolean>;
  /** Commit it with the standing that stops using the name; `clean` drops its tables afterwards. */
  giveUp(districtId: string, name: string): Write;
  /** Drops what nobody uses: what was given up, `abandoned`, and what a crash left behind a day ago. */
  clean(districtId: string, abandoned?: string): Promise<void>;
}

interface RegisterNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly standings: Standings;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** No publish takes that long; one that was stopped for longer must stage again. */
const abandonedAfterMs = 86_400_000;

const states = { kept: Buffer.from('kept'), givenUp: Buffer.from('given up') } as const;

/** A name nobody else has, that sorts by and tells the time. */
export const freshName = (clock: () => number): string =>
  `${clock().toString(36).padStart(9, '0')}${randomBytes(4).toString('hex')}`;

/** As the register names a generation; anything else in it is a table by itself. */
export const generationName = (method: string, generation: string): string => `${method}.${generation}`;

export function createTableRegister({ store, vault, standings, clock = Date.now }: RegisterNeeds): TableRegister {
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

  /** True if the name is given up and stays so. */
  async function secure(districtId: string, name: string): Promise<boolean> {
    const { standing, unchanged } = await standings.read(districtId, 0);
    if (namesIn(standing).includes(name)) return false;
    return (await store.commit([unchanged], [register.giveUp(districtId, name)])) || secure(districtId, name);
  }

  async function drop(districtId: string, name: string): Promise<void> {
    const { partition } = addressOf(districtId, name);
    for (const table of tablesNamed(name)) await store.drop(partition, table);
    await store.remove(addressOf(districtId, name));
  }

  /** The time stands before the eight random signs at the end. */
  function isOld(name: string): boolean {
    return clock() - Number.parseInt(name.slice(name.indexOf('.') + 1, -8), 36) > abandonedAfterMs;
  }
}

function namesIn({ feeds, aftermath }: Standing): string[] {
  const generations = Object.entries(feeds).flatMap(([method, feed]) =>
    generationsOf(feed).map(({ id }) => generationName(method, id)),
  );
  return aftermath === undefined ? generations : [...generations, aftermath.table];
}

function tablesNamed(name: string): string[] {
  const [method, generation = ''] = name.split('.');
  if (method !== 'sftp' && method !== 'manual' && method !== 'secure-sync') return [name];
  return Object.values(tablesOf(method, generation));
}
