// Stores incidents. In the district's partition: its open incidents in one value, the users of each in another, the
// closed ones in a log. Over all districts: a copy of each district's open incidents in one table, so that a page over
// all reads a few batches, and a log of the ids of closed ones.
import { partitionOf } from '../district/district.ts';
import { type SealedJson, sealedJson } from '../store/sealed.ts';
import type { Address, Condition, Log, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { closedShape, type Incident, type IncidentPerson, incidentsShape, peopleShape } from './incident.ts';

/** A district's open incidents with the users of some of them, and the conditions under which they may be replaced. */
export interface SeenIncidents {
  readonly open: readonly Incident[];
  /** By the key of the incident. */
  readonly people: ReadonlyMap<string, readonly IncidentPerson[]>;
  readonly bytes: ReadonlyMap<string, Buffer | undefined>;
}

export interface NextIncidents {
  readonly open: readonly Incident[];
  /** The changed ones. */
  readonly people: ReadonlyMap<string, readonly IncidentPerson[]>;
  readonly closed?: readonly { readonly incident: Incident; readonly people: readonly IncidentPerson[] }[];
}

export interface IncidentStore {
  /** The open incidents of a district, and the users of these keys; one read. */
  see(district: string, keys: readonly string[]): Promise<SeenIncidents>;
  /** One commit; undefined if another server changed them meanwhile. @returns as seen after it */
  replace(district: string, seen: SeenIncidents, next: NextIncidents): Promise<SeenIncidents | undefined>;
  /** Updates the copy for pages over all districts. */
  copy(district: string, open: readonly Incident[]): Promise<void>;
  /** Open incidents of all districts: one read per some hundred districts with any. */
  listOpen(): Promise<readonly Incident[]>;
  findClosed(
    id: string,
  ): Promise<{ readonly incident: Incident; readonly people: readonly IncidentPerson[] } | undefined>;
  /** Newest first. Two reads for one district; for all, one more per district on the page. */
  pageClosed(
    district: string | undefined,
    before: string | undefined,
    limit: number,
  ): Promise<{ readonly incidents: readonly Incident[]; readonly cursor: string | undefined }>;
  keyOf(cause: object): string;
  idOf(district: string, key: string, since: number): string;
  /** Removes a district from the data over all districts; its partition is erased separately. */
  forget(district: string): Promise<void>;
}

export const isIncidentId = (text: string): boolean => /^[0-9a-f]{48}$/.test(text);

const allPartition = 'incidents';
const openTable = 'open';

export function createIncidentStore(store: Store, vault: Vault, retentionSeconds: number): IncidentStore {
  // Long because of its eight questions over the same two partitions; each is short.
  const lists = sealedJson(vault, incidentsShape);
  const peopleLists = sealedJson(vault, peopleShape);
  const closed = sealedJson(vault, closedShape);
  const { openAt, peopleAt, copyAt } = addressesIn(vault);
  const closedLog = (partition: string): Log => ({ partition, name: 'incidents-closed', ttlSeconds: retentionSeconds });
  const put = <Value>(json: SealedJson<Value>, at: Address, value: Value) => {
    return { kind: 'put', at, value: json.seal(at, value), ttlSeconds: retentionSeconds } as const;
  };

  const readMany = async (ids: readonly string[]): Promise<Incident[]> => {
    const partitions = [...new Set(ids.map((id) => closedAt(id).partition))];
    const found = await Promise.all(
      partitions.map(async (partition) => {
        const own = ids.filter((id) => closedAt(id).partition === partition);
        const values = await store.get(own.map(closedAt));
        return values.map((value, index) => closed.openFound(closedAt(own[index] ?? ''), value)?.incident);
      }),
    );
    const known = new Map(
      found.flat().flatMap((incident) => (incident === undefined ? [] : [[incident.id, incident]])),
    );
    return ids.flatMap((id) => known.get(id) ?? []);
  };

  return {
    keyOf: (cause) => vault.blind('incident-cause', JSON.stringify(cause)),
    idOf: (district, key, since) =>
      `${vault.blind('district', district)}${vault.blind('incident', key, `${since}`).slice(0, 16)}`,
    async see(district, keys) {
      const places = [openAt(district), ...keys.map((key) => peopleAt(district, key))];
      const values = await store.get(places);
      const open = lists.openFound(openAt(district), values[0]) ?? [];
      const people = keys.map((key, index) => {
        return [key, peopleLists.openFound(peopleAt(district, key), values[index + 1]) ?? []] as const;
      });
      return { open, people: new Map(people), bytes: new Map(places.map(({ id }, index) => [id, values[index]])) };
    },
    async replace(district, seen, next) {
      const own = partitionOf(vault, district);
      const puts = [
        put(lists, openAt(district), next.open),
        ...[...next.people].map(([key, people]) => put(peopleLists, peopleAt(district, key), people)),
      ];
      const closing = next.closed ?? [];
      const conditions: Condition[] = puts.map(({ at }) => ({ at, oneOf: [seen.bytes.get(at.id)] }));
      const done = await store.commit(conditions, [
        ...puts,
        ...closing.flatMap(({ incident, people }): Write[] => [
          { kind: 'remove', at: peopleAt(district, incident.key) },
          put(closed, closedAt(incident.id), { incident, people }),
          { kind: 'append', log: closedLog(own), value: Buffer.from(incident.id) },
        ]),
      ]);
      if (!done) return undefined;
      if (closing.length > 0) {
        const appends = closing.map(
          ({ incident }): Write => ({ kind: 'append', log: closedLog(allPartition), value: Buffer.from(incident.id) }),
        );
        await store.commit([], appends);
      }
      const bytes = new Map(seen.bytes);
      const people = new Map([...seen.people, ...next.people]);
      for (const { at, value } of puts) bytes.set(at.id, value);
      for (const { incident } of closing) {
        bytes.delete(peopleAt(district, incident.key).id);
        people.delete(incident.key);
      }
      return { open: next.open, people, bytes };
    },
    async copy(district, open) {
      const at = copyAt(district);
      if (open.length === 0) await store.remove(at);
      else await store.put(at, lists.seal(at, open));
    },
    async listOpen() {
      const found: Incident[] = [];
      for await (const rows of store.scan(allPartition, openTable, 500))
        for (const { id, value } of rows)
          found.push(...lists.open({ partition: allPartition, table: openTable, id }, value));
      // A row that moved during the scan occurs twice.
      return [...new Map(found.map((incident) => [incident.id, incident])).values()];
    },
    async findClosed(id) {
      const [value] = await store.get([closedAt(id)]);
      return closed.openFound(closedAt(id), value);
    },
    async pageClosed(district, before, limit) {
      const partition = district === undefined ? allPartition : partitionOf(vault, district);
      const entries = await store.page(closedLog(partition), { before }, limit);
      const cursor = entries.length < limit ? undefined : entries.at(-1)?.cursor;
      return { incidents: await readMany(entries.map(({ value }) => value.toString())), cursor };
    },
    async forget(district) {
      await store.remove(copyAt(district));
    },
  };
}

const addressesIn = (vault: Vault) => ({
  openAt: (district: string): Address => ({ partition: partitionOf(vault, district), id: 'incidents' }),
  peopleAt: (district: string, key: string): Address => ({
    partition: partitionOf(vault, district),
    id: `incident.${key}`,
  }),
  copyAt: (district: string): Address => ({
    partition: allPartition,
    table: openTable,
    id: vault.blind('district', district),
  }),
});

/** An id begins with the hash that names the district's partition. */
const closedAt = (id: string): Address => ({ partition: `d-${id.slice(0, 32)}`, id: `incident-closed.${id}` });
