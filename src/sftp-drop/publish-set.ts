// Publishes a sealed set exactly once and keeps the result until long after the report is written. The record, the
// audit log entry and the switch of the roster are one commit: after a crash all of them exist or none.

import * as z from 'zod';
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import { type Districts, partitionOf } from '../district/district.ts';
import type { BatchedFeed } from '../formats/feed.ts';
import { errorAt } from '../formats/finding.ts';
import type { ReadOptions } from '../formats/format.ts';
import { openRosterFiles } from '../formats/open-roster-files.ts';
import { readRosterFiles, rosterNamesOf } from '../formats/registry.ts';
import type { PublishResult } from '../roster/publish.ts';
import { publishEntry } from '../roster/publish-entry.ts';
import type { RosterPublisher } from '../roster/roster-publisher.ts';
import { sealed, storedObject } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Manifest } from './drop-set.ts';

interface PublishSetNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly publisher: Pick<RosterPublisher, 'publish' | 'finish'>;
  readonly auditLog: Pick<AuditLog, 'write'>;
  readonly districts: Pick<Districts, 'find'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** The result of a set. */
export interface SetRecord {
  readonly result: PublishResult;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

interface SealedSet {
  readonly districtId: string;
  /** Where the copies are. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Longer than the time after which an unreported set is given up. */
const recordSeconds = 60 * 86_400;

const recordShape: z.ZodType<SetRecord> = z.object({ result: storedObject<PublishResult>(), at: z.number() });

/** @param signal stops between two rows and throws its reason, with nothing changed */
export type PublishSet = (set: SealedSet, signal: AbortSignal) => Promise<SetRecord>;

export function createPublishSet({ store, vault, publisher, auditLog, districts, clock }: PublishSetNeeds): PublishSet {
  const addressOf = ({ districtId, manifest }: SealedSet): Address => ({
    partition: partitionOf(vault, districtId),
    id: `drop.${manifest.id}`,
  });

  const records = sealed(store, vault, recordShape);
  const find = (set: SealedSet) => records.read(addressOf(set));

  /** Only if there is none yet. */
  function writesFor(set: SealedSet, record: SetRecord) {
    const at = addressOf(set);
    return {
      conditions: [{ at, oneOf: [undefined] }],
      writes: [
        records.write(at, record, recordSeconds),
        auditLog.write(set.districtId, entryFor(set.manifest, record)),
      ],
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
    const settings = (await districts.find(set.districtId))?.settings;
    const feed = feedOf(set, { clock, settings }, signal);
    const result = await publisher.publish(set.districtId, 'sftp', feed, { alongside });
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
        // Another server took over the lease and has published the set meanwhile.
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

/** Findings about the files come first; if one is an error, no content is read. */
async function* feedOf({ folder, manifest }: SealedSet, options: ReadOptions, signal: AbortSignal): BatchedFeed {
  for (const finding of manifest.findings) yield [finding];
  if (manifest.findings.some(({ severity }) => severity === 'error')) return;
  const files = await openRosterFiles(folder, rosterNamesOf('sftp'));
  if (files === undefined) return yield [errorAt('file_unreadable', { file: 'incoming' })];
  for await (const items of readRosterFiles(files, 'sftp', options)) {
    signal.throwIfAborted();
    yield items;
  }
}

const entryFor = ({ id, digest, files }: Manifest, { result, at }: SetRecord): AuditEntry =>
  publishEntry(
    result,
    { at, by: 'sftp', method: 'sftp' },
    {
      set: id,
      sha256: digest,
      ...Object.fromEntries(files.map(({ file, sha256 }) => [`sha256 ${file.toLowerCase()}`, sha256])),
    },
  );
