// Publishes a sealed set once and once only, and keeps what came of it, until long after the report is out. The record,
// the trail entry and the switch of the roster are one commit: whoever comes after a crash finds all of them or none.
import type { Address, Store, Write } from '../../store/store.ts';
import type { Vault } from '../../store/vault.ts';
import type { Trail, TrailEntry } from '../../support/trail.ts';
import { partitionOf } from '../district.ts';
import type { BatchedFeed } from '../feed.ts';
import { readCleverCsv } from '../formats/clever-csv.ts';
import type { PublishResult } from '../publish.ts';
import { publishEntry } from '../publish-entry.ts';
import type { RosterPublisher } from '../roster-publisher.ts';
import type { Manifest } from './drop-set.ts';

export interface PublishSetNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly publisher: Pick<RosterPublisher, 'publish' | 'finish'>;
  readonly trail: Pick<Trail, 'write'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What came of a set. */
export interface SetRecord {
  readonly result: PublishResult;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface SealedSet {
  readonly districtId: string;
  /** Where the copies are. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Longer than a set can wait for its report before it is given up. */
const recordSeconds = 60 * 86_400;

/** @param signal stops between two rows and throws its reason; nothing is changed then */
export type PublishSet = (set: SealedSet, signal: AbortSignal) => Promise<SetRecord>;

export function createPublishSet({ store, vault, publisher, trail, clock }: PublishSetNeeds): PublishSet {
  const addressOf = ({ districtId, manifest }: SealedSet): Address => ({
    partition: partitionOf(vault, districtId),
    id: `drop.${manifest.id}`,
  });

  async function find(set: SealedSet): Promise<SetRecord | undefined> {
    const at = addressOf(set);
    const [value] = await store.get([at]);
    return value === undefined ? undefined : JSON.parse(vault.open(at, value).toString());
  }

  /** Only where there is none yet. */
  function writesFor(set: SealedSet, record: SetRecord) {
    const at = addressOf(set);
    const value = vault.seal(at, JSON.stringify(record));
    const put: Write = { kind: 'put', at, value, ttlSeconds: recordSeconds };
    return {
      conditions: [{ at, oneOf: [undefined] }],
      writes: [put, trail.write(set.districtId, entryFor(set.manifest, record))],
    };
  }

  async function publish(set: SealedSet, signal: AbortSignal): Promise<SetRecord> {
    let record: SetRecord | undefined;
    const alongside = async (result: PublishResult) => {
      signal.throwIfAborted();
      if ((await find(set)) !== undefined) throw new AlreadyPublished();
      record = { result, at: clock() };
      return writesFor(set, record);
    };
    const result = await publisher.publish(set.districtId, 'sftp', feedOf(set, signal), { alongside });
    if (record !== undefined) return record;
    const refused = { result, at: clock() };
    const { conditions, writes } = writesFor(set, refused);
    return (await store.commit(conditions, writes)) ? refused : ((await find(set)) ?? refused);
  }

  return async (set, signal) => {
    const done = await find(set);
    if (done === undefined) {
      try {
        return await publish(set, signal);
      } catch (failure) {
        if (!(failure instanceof AlreadyPublished)) throw failure;
        // A server that was thought dead has done it meanwhile.
        return (await find(set)) ?? Promise.reject(failure);
      }
    }
    await publisher.finish(set.districtId);
    return done;
  };
}

class AlreadyPublished extends Error {
  readonly code = 'ALREADY_PUBLISHED';
}

/** What is wrong with the files as such comes first, and with an error there the rest is not read. */
async function* feedOf({ folder, manifest }: SealedSet, signal: AbortSignal): BatchedFeed {
  for (const finding of manifest.findings) yield [finding];
  if (manifest.findings.some(({ severity }) => severity === 'error')) return;
  for await (const items of readCleverCsv(folder)) {
    signal.throwIfAborted();
    yield items;
  }
}

const entryFor = ({ id, digest, files }: Manifest, { result, at }: SetRecord): TrailEntry =>
  publishEntry(
    result,
    { at, by: 'sftp', method: 'sftp' },
    {
      ...{ set: id, sha256: digest },
      ...Object.fromEntries(files.map(({ file, sha256 }) => [`sha256 ${file.toLowerCase()}`, sha256])),
    },
  );
