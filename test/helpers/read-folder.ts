// A folder of roster files as the bridge reads it.
import type { BatchedFeed } from '../../src/formats/feed.ts';
import type { ReadOptions, SentBy } from '../../src/formats/format.ts';
import { openRosterFiles } from '../../src/formats/open-roster-files.ts';
import { readRosterFiles, rosterNamesOf } from '../../src/formats/registry.ts';

export async function* readFolder(
  path: string,
  options: ReadOptions = { clock: Date.now },
  method: SentBy = 'sftp',
): BatchedFeed {
  const files = await openRosterFiles(path, rosterNamesOf(method));
  if (files === undefined) throw new TypeError('nothing to read');
  yield* readRosterFiles(files, method, options);
}
