// The files of one roster as they were sent, wherever they lie: named and opened. What they mean is for a format to say.
import type { Finding } from './feed.ts';
import type { OpenFile } from './find-file.ts';

export interface RosterFiles {
  /** `file`: one file sent by itself, which is no archive. */
  readonly kind: 'folder' | 'file';
  /** What was sent, as a finding may name it. */
  readonly sent: string;
  /** By name, without what systems leave behind by themselves. */
  readonly names: readonly string[];
  /** What is to be told of the files before any of them is read; with an error among them none is. */
  readonly findings: readonly Finding[];
  /** `undefined` for what is no regular file, and where reading is not permitted. */
  open(name: string): Promise<OpenFile | undefined>;
  /** Where the file lies; `undefined` for one that is part of another. */
  pathOf(name: string): string | undefined;
  close(): Promise<void>;
}
