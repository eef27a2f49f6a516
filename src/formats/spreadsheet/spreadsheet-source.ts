// One hand-made file, from any source.
import { basename, dirname } from 'node:path';
import { type OpenFile, openRegularFile, type RosterFiles } from '../roster-files.ts';

export interface SpreadsheetSource {
  /** Its name. */
  readonly file: string;
  /** Its path; undefined for a file within an archive. */
  readonly path: string | undefined;
  /** Undefined if it is no regular file, or reading is not permitted. */
  open(): Promise<OpenFile | undefined>;
}

export const spreadsheetAt = (path: string): SpreadsheetSource => ({
  file: basename(path),
  path,
  open: () => openRegularFile(dirname(path), basename(path)),
});

export const spreadsheetIn = (files: RosterFiles, file: string): SpreadsheetSource => ({
  file,
  path: files.pathOf(file),
  open: () => files.open(file),
});
