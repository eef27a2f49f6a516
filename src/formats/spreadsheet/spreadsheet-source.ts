// One file that a person made, wherever it lies.
import { basename, dirname } from 'node:path';
import { type OpenFile, openRegularFile } from '../find-file.ts';
import type { RosterFiles } from '../roster-files.ts';

export interface SpreadsheetSource {
  /** Its name. */
  readonly file: string;
  /** Where it lies; undefined for one that is part of an archive. */
  readonly path: string | undefined;
  /** Undefined for what is no regular file, and where reading is not permitted. */
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
