// The registered districts and the Clever districts they are linked to. Their rosters are in published-roster.ts; a
// server's cache of districts is known-districts.ts.

import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Method } from '../identity/candidate.ts';
import type { Kind } from '../identity/identity.ts';
import { remember } from '../store/remember.ts';
import { sealed, storedWord } from '../store/sealed.ts';
import type { Address, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export type Rostering = 'sftp' | 'manual' | 'secure-sync:full' | 'secure-sync:provisioning';
export const rosterings: readonly Rostering[] = ['sftp', 'manual', 'secure-sync:full', 'secure-sync:provisioning'];

export interface District {
  /** The bridge's id: 1 to 64 letters, digits, dots, dashes, underscores. */
  readonly id: string;
  /** Clever's id of the district: hex, 24 characters as Clever makes them. */
  readonly cleverId: string;
  readonly name: string;
  readonly rostering: readonly Rostering[];
  /** How its files are read; defaults for what is not set. */
  readonly settings?: DistrictSettings | undefined;
}

/** Each absent where it is the default. */
export interface DistrictSettings {
  /** The column of a OneRoster users.csv that has the address users sign in with. */
  readonly oneRosterEmail?: 'email' | 'username' | undefined;
  /** The column that has a user's id. */
  readonly oneRosterId?: 'sourcedId' | 'identifier' | undefined;
  /** Whether an automated roster may define district administrators. */
  readonly districtAdmins?: 'allow' | 'deny' | undefined;
  /** Whether its school administrators see the unresolved sign-ins of their schools at /district. */
  readonly schoolAdmins?: 'allow' | 'deny' | undefined;
  /** The time zone of its schools, as an IANA name such as `America/Los_Angeles`; default UTC. */
  readonly timeZone?: string | undefined;
}

/** The zone of its days, and of times shown to a reader who has not chosen one. */
export const timeZoneOf = ({ settings }: Pick<District, 'settings'>): string => settings?.timeZone ?? 'UTC';

/**
 * With Roster Account Provisioning, teachers, administrators and classes come by manual spreadsheet (Summit's options
 * for Secure Sync).
 */
export const isRosteredBy = ({ rostering }: Pick<District, 'rostering'>, method: Method): boolean =>
  rostering.some(
    (each) => each.split(':')[0] === method || (method === 'manual' && each === 'secure-sync:provisioning'),
  );

export interface CleverDistrictTaken {
  readonly kind: 'refused';
  readonly code: 'clever_district_taken';
  /** The registered district that it is linked to. */
  readonly by: string;
}

export interface DistrictPut {
  readonly kind: 'done';
  /** It was linked to another Clever district before. */
  readonly isRelinked: boolean;
}

/** The lookup result for a Clever district, and the version of all districts at which it was read. */
export interface SeenDistrict {
  readonly district: District | undefined;
  /** Absent until the first read of a version in this store. */
  readonly version: string | undefined;
}

export interface Districts {
  /** Creates or changes a district; refuses if the Clever district is linked to another registered district. */
  put(district: District): Promise<DistrictPut | CleverDistrictTaken>;
  find(id: string): Promise<District | undefined>;
  findByCleverId(cleverId: string): Promise<District | undefined>;
  /** The same, for caching: valid as long as `version` returns the same value. */
  see(cleverId: string): Promise<SeenDistrict>;
  /** Changes with every `put` and `remove`; no value occurs twice. */
  version(): Promise<string>;
  list(): Promise<District[]>;
  /** Removes the district; the caller must erase its roster and all its other data. */
  remove(district: District): Promise<void>;
}

const districtShape: z.ZodType<District> = z.object({
  id: z.string(),
  cleverId: z.string(),
  name: z.string(),
  rostering: z.array(storedWord<Rostering>()),
});

const partition = 'districts';

/**
 * In the same table as the links (one Redis key): if the links are lost, so is the version, and every cached entry
 * becomes invalid.
 */
const versionAt: Address = { partition, table: 'clever', id: 'version' };

/** A sign-in computes the partition of its district eight times. */
const namers = new WeakMap<Vault, (districtId: string) => string>();
const maxNames = 20_000;

/** The store partition that holds everything of one district; a keyed hash of its id. */
export function partitionOf(vault: Vault, districtId: string): string {
  return (namers.get(vault) ?? startNaming(vault))(districtId);
}

function startNaming(vault: Vault): (districtId: string) => string {
  const name = remember(maxNames, (id) => `d-${vault.blind('district', id)}`);
  namers.set(vault, name);
  return name;
}

export function createDistricts(store: Store, vault: Vault): Districts {
  // Long because of its verbs over two tables that change in one commit; each is short.
  const at = (id: string): Address => ({ partition, table: 'districts', id: vault.blind('district', id) });
  // The id alone, the format that earlier builds read and write: two versions run side by side during a rolling
  // upgrade.
  const atClever = (id: string): Address => ({ partition, table: 'clever', id: vault.blind('clever-district', id) });
  const records = sealed(store, vault, districtShape);
  const links = sealed(store, vault, z.string());
  const find = (id: string) => records.read(at(id));

  async function see(cleverId: string): Promise<SeenDistrict> {
    const there = atClever(cleverId);
    // Reads the version first: data read afterwards is of this version or newer, and newer data is read again.
    const [version, value] = await store.get([versionAt, there]);
    const id = links.openFound(there, value);
    return { version: version?.toString(), district: id === undefined ? undefined : await find(id) };
  }

  const districts: Districts = {
    find,
    see,
    async put(district) {
      const [here, there] = [at(district.id), atClever(district.cleverId)];
      const [before, link] = await store.get([here, there]);
      const by = links.openFound(there, link);
      if (by !== undefined && by !== district.id) return { kind: 'refused', code: 'clever_district_taken', by };
      const former = records.openFound(here, before);
      const moved = former !== undefined && former.cleverId !== district.cleverId;
      const done = await store.commit(
        [
          { at: here, oneOf: [before] },
          { at: there, oneOf: [link] },
        ],
        [
          records.write(here, district),
          links.write(there, district.id),
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
        found.push(...rows.map(({ id, value }) => records.open({ partition, table: 'districts', id }, value)));
      }
      return found.sort((one, other) => one.id.localeCompare(other.id, 'en'));
    },
    async remove({ id }) {
      const here = at(id);
      const [before] = await store.get([here]);
      const former = records.openFound(here, before);
      if (former === undefined) return;
      // Race: if the district was linked again meanwhile, the other link would remain and let users in.
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

/**
 * The source of a user's row in a district's roster, and so the party that can add a missing user. `district`: its own
 * files. `clever`: Secure Sync. `both`: either of them. `spreadsheet`: the one of teachers and staff that complements a
 * Secure Sync of students only (Roster Account Provisioning).
 */
export type RosterSource = 'district' | 'clever' | 'both' | 'spreadsheet';

/** A district of unknown rostering is assumed to send its own files. */
export function rosterSourceOf(
  district: Pick<District, 'rostering'> | undefined,
  kind: Kind | 'unknown',
): RosterSource {
  const sources = new Set(district?.rostering.map((rostering) => sourceOf(rostering, kind)));
  if (sources.has('clever')) return sources.size === 1 ? 'clever' : 'both';
  return sources.has('district') || sources.size === 0 ? 'district' : 'spreadsheet';
}

function sourceOf(rostering: Rostering, kind: Kind | 'unknown'): Exclude<RosterSource, 'both'> {
  switch (rostering) {
    case 'sftp':
    case 'manual':
      return 'district';
    case 'secure-sync:full':
      return 'clever';
    case 'secure-sync:provisioning':
      return kind === 'employee' ? 'spreadsheet' : 'clever';
  }
}
