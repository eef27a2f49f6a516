// The districts this bridge serves and which Clever district is which. Rosters of a district are in standing.ts; what a
// server remembers of districts is known-districts.ts.
import { randomBytes } from 'node:crypto';
import type { Method } from '../identity/candidate.ts';
import { remember } from '../store/remember.ts';
import type { Address, Store, Write } from '../store/store.ts';
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

/** What is there for a Clever district, and the version of all districts that it is of. */
export interface SeenDistrict {
  readonly district: District | undefined;
  /** Absent while nobody has asked for a version of this store. */
  readonly version: string | undefined;
}

export interface Districts {
  /** Makes or changes a district; refuses a Clever district that another one of ours is linked to. */
  put(district: District): Promise<DistrictPut | CleverDistrictTaken>;
  find(id: string): Promise<District | undefined>;
  findByCleverId(cleverId: string): Promise<District | undefined>;
  /** The same, to be remembered: right for as long as `version` answers the same. */
  see(cleverId: string): Promise<SeenDistrict>;
  /** Another one after every `put` and `remove`, and never one that was there before. */
  version(): Promise<string>;
  list(): Promise<District[]>;
  /** Forgets the district; its roster and everything else of it must be erased by the caller. */
  remove(district: District): Promise<void>;
}

const partition = 'districts';

/** In the table of the links, one key of Redis: what loses them loses the version too, and nothing remembered is believed. */
const versionAt: Address = { partition, table: 'clever', id: 'version' };

/** A sign-in asks for the partition of its district eight times. */
const namers = new WeakMap<Vault, (districtId: string) => string>();
const mostNames = 20_000;

/** The store partition that holds everything of one district; the name tells nothing. */
export function partitionOf(vault: Vault, districtId: string): string {
  return (namers.get(vault) ?? startNaming(vault))(districtId);
}

function startNaming(vault: Vault): (districtId: string) => string {
  const name = remember(mostNames, (id) => `d-${vault.blind('district', id)}`);
  namers.set(vault, name);
  return name;
}

export function createDistricts(store: Store, vault: Vault): Districts {
  const at = (id: string): Address => ({ partition, table: 'districts', id: vault.blind('district', id) });
  // Its id alone, as every build before this one reads and writes it: two versions serve side by side during an upgrade.
  const atClever = (id: string): Address => ({ partition, table: 'clever', id: vault.blind('clever-district', id) });
  const open = <Value>(address: Address, value: Buffer | undefined): Value | undefined =>
    value === undefined ? undefined : JSON.parse(vault.open(address, value).toString());
  const seal = (address: Address, value: District | string): Write => {
    return { kind: 'put', at: address, value: vault.seal(address, JSON.stringify(value)) };
  };
  async function find(id: string): Promise<District | undefined> {
    const here = at(id);
    return open<District>(here, (await store.get([here]))[0]);
  }

  async function see(cleverId: string): Promise<SeenDistrict> {
    const there = atClever(cleverId);
    // The version first: what is read after it is as new, or newer, and then asked for again.
    const [version, value] = await store.get([versionAt, there]);
    const id = open<string>(there, value);
    return { version: version?.toString(), district: id === undefined ? undefined : await find(id) };
  }

  const districts: Districts = {
    find,
    see,
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
          seal(here, district),
          seal(there, district.id),
          nextVersion(),
          ...(moved ? [{ kind: 'remove', at: atClever(former.cleverId) } as const] : []),
        ],
      );
      return done ? { kind: 'done', isRelinked: moved } : districts.put(district);
    },
    findByCleverId: async (cleverId) => (await see(cleverId)).district,
    async version() {
      const [value] = await store.get([versionAt]);
      if (value !== undefined) return value.toString();
      await store.put(versionAt, makeVersion(), { onlyIfAbsent: true });
      return districts.version();
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
    async remove({ id }) {
      const here = at(id);
      const [before] = await store.get([here]);
      const former = open<District>(here, before);
      if (former === undefined) return;
      // Under the condition that it is as read: linked anew meanwhile, its other link would be left to let people in.
      const done = await store.commit(
        [{ at: here, oneOf: [before] }],
        [{ kind: 'remove', at: here }, { kind: 'remove', at: atClever(former.cleverId) }, nextVersion()],
      );
      if (!done) await districts.remove(former);
    },
  };
  return districts;
}

const makeVersion = () => Buffer.from(randomBytes(16).toString('hex'));
const nextVersion = (): Write => ({ kind: 'put', at: versionAt, value: makeVersion() });
