// Finds what is wrong with the files of an upload before any of them is opened. Pure.
import type { Finding } from '../formats/feed.ts';
import { printableName } from '../formats/file-names.ts';
import { errorAt } from '../formats/finding.ts';
import { isRosterFile, unreadFileOf } from '../formats/registry.ts';
import { type Entry, isMarker, isUnfinishedName } from './drop-folder.ts';

export interface SetLimits {
  readonly fileBytes: number;
  readonly setBytes: number;
}

/** Two gigabytes hold some ten million students. */
export const setLimits: SetLimits = { fileBytes: 2 * 1024 ** 3, setBytes: 4 * 1024 ** 3 };

/** If one is an error, no file of the set is read. */
export function judgeSet(entries: readonly Entry[], limits: SetLimits): Finding[] {
  const findings = entries.flatMap((entry) => judgeEntry(entry, limits));
  const total = entries.reduce((sum, { bytes, kind }) => sum + (kind === 'file' ? bytes : 0), 0);
  return total > limits.setBytes ? [...findings, errorAt('set_too_large', { file: 'incoming' })] : findings;
}

function judgeEntry({ name, kind, bytes }: Entry, { fileBytes }: SetLimits): readonly Finding[] {
  const file = printableName(name);
  if (kind !== 'file') return [errorAt('not_a_file', { file })];
  if (isUnfinishedName(name)) return [errorAt('upload_unfinished', { file })];
  if (bytes > fileBytes) return [errorAt('file_too_large', { file })];
  return isRosterFile(name, 'sftp') || isMarker(name) ? [] : unreadFileOf(name, 'sftp');
}
