// The files of one roster as they were sent, from any source: named and opened. Formats interpret them.
import type { Finding } from './feed.ts';
import type { OpenFile } from './find-file.ts';

export interface RosterFiles {
  /** `file`: a single file that is no archive. */
  readonly kind: 'folder' | 'file';
  /** The name of what was sent, for findings. */
  readonly sent: string;
  /** By name, without files that operating systems create. */
  readonly names: readonly string[];
  /** About the files before any of them is read; if one is an error, none is read. */
  readonly findings: readonly Finding[];
  /** `undefined` if it is no regular file, or reading is not permitted. */
  open(name: string): Promise<OpenFile | undefined>;
  /** The path of the file; `undefined` for one within another file. */
  pathOf(name: string): string | undefined;
  close(): Promise<void>;
}
