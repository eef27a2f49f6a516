// The districts this bridge serves and which Clever district is which. Rosters of a district are in standing.ts.

import type { Method } from '../identity/candidate.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export type Rostering = 'sftp' | 'manual' | 'secure-sync:full' | 'secure-sync:provisioning';
export const rosterings: readonly Rostering[] = ['sftp', 'manual', 'secure-sync:full', 'secure-sync:provisioning'];

export interface District {
  /** Ours: 1 to 64 letters, digits, dots, dashes, underscores. */
  readonly id: string;
  /** Clever's id of the district: hex, 24 signs as Clever makes them. */
  readonly cleverId: string;
  readonly name: string;
  readonly rostering: readonly Rostering[];
}

/** With Roster Account Provisioning teachers, administrators and classes come by manual spreadsheet (Summit's options for Secure Sync). */
export const isRosteredBy = ({ rostering }: Pick<District, 'rostering'>, method: Method): boolean =>
  rostering.some(
    (each) => each.split(':')[0] === method || (method === 'manual' && each === 'secure-sync:provisioning'),
  );

export interface CleverDistrictTaken {
  readonly kind: 'refused';
  readonly code: 'clever_district_taken';
  /** The district of ours that it is linked to. */
  readonly by: string;
}

export interface DistrictPut {
  readonly kind: 'done';
  /** It was linked to another Clever district before. */
  readonly isRelinked: boolean;
}

export interface Districts {
  /** Makes or changes a district; refuses a Clever district that another one of ours is linked to. */
  put(district: District): Promise<DistrictPut | CleverDistrictTaken>;
  find(id: string): Promise<District | undefined>;
  findByCleverId(cleverId: string): Promise<District | undefined>;
  list(): Promise<District[]>;
  /** Forgets the district; its roster and everything else of it must be erased by the caller. */
  remove(district: District): Promise<void>;
}

const partition = 'districts';

/** Names of partitions by district: a sign-in asks for its own eight times. */
const partitions = new WeakMap<Vault, Map<string, string>>();
const mostPartitions = 20_000;

/** The store partition that holds everything of one district; the name tells nothing. */
export function partitionOf(vault: Vault, districtId: string): string {
  const named = partitions.get(vault) ?? new Map<string, string>();
  const known = named.get(districtId);
  if (known !== undefined) return known;
  const partition = `d-${vault.blind('district', districtId)}`;
  if (named.size >= mostPartitions) named.clear();
  partitions.set(vault, named.set(districtId, partition));
  return partition;
}

export function createDistricts(store: Store, vault: Vault): Districts {
  const at = (id: string): Address => ({ partition, table: 'districts', id: vault.blind('district', id) });
  const atClever = (id: string): Address => ({ partition, table: 'clever', id: vault.blind('clever-district', id) });
  const open = <Value>(address: Address, value: Buffer | undefined): Value | undefined =>
    value === undefined ? undefined : JSON.parse(vault.open(address, value).toString());
  const read = async <Value>(address: Address): Promise<Value | undefined> =>
    open<Value>(address, (await store.get([address]))[0]);
  const find = (id: string) => read<District>(at(id));

  return {
    find,
    async put(district) {
      const [here, there] = [at(district.id), atClever(district.cleverId)];
      const [before, link] = await store.get([here, there]);
      const by = open<string>(there, link);
      if (by !== undefined && by !== district.id) return { kind: 'refused', code: 'clever_district_taken', by };
      const former = open<District>(here, before);
      const moved = former !== undefined && former.cleverId !== district.cleverId;
      const done = await store.commit(
        [
          { at: here, oneOf: [before] },
          { at: there, oneOf: [link] },
        ],
        [
          { kind: 'put', at: here, value: vault.seal(here, JSON.stringify(district)) },
          { kind: 'put', at: there, value: vault.seal(there, JSON.stringify(district.id)) },
          ...(moved ? [{ kind: 'remove', at: atClever(former.cleverId) } as const] : []),
        ],
      );
      return done ? { kind: 'done', isRelinked: moved } : this.put(district);
    },
    async findByCleverId(cleverId) {
      const id = await read<string>(atClever(cleverId));
      return id === undefined ? undefined : find(id);
    },
    async list() {
      const found: District[] = [];
      for await (const rows of store.scan(partition, 'districts')) {
        found.push(
          ...rows.flatMap(({ id, value }) => open<District>({ partition, table: 'districts', id }, value) ?? []),
        );
      }
      return found.sort((one, other) => one.id.localeCompare(other.id, 'en'));
    },
    async remove(district) {
      await store.commit(
        [],
        [
          { kind: 'remove', at: at(district.id) },
          { kind: 'remove', at: atClever(district.cleverId) },
        ],
      );
    },
  };
}
