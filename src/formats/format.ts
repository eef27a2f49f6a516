// The interface of a roster format: its name, how it recognises its files, and how it reads them. A new format is a
// folder with one of these and a line in registry.ts.
import type { BatchedFeed, Feed } from './feed.ts';
import type { RosterFiles } from './roster-files.ts';

/** The methods by which files are sent. */
export type SentBy = 'sftp' | 'manual';

export interface RosterFormat {
  readonly name: string;
  readonly methods: readonly SentBy[];
  /** Whether it reads a file of this name, in any capitalisation. */
  readonly reads: (name: string) => boolean;
  /** Whether a set of it may have a file of this name that is deliberately not read; absent if there is none. */
  readonly leaves?: (name: string) => boolean;
  /** The names of the files it reads, in lower case; absent if names are arbitrary. */
  readonly fileNames?: readonly string[];
  /** Whether these include the files that it requires to publish. */
  readonly isWhole: (names: readonly string[]) => boolean;
  /** Whether the files identify themselves, and all of them are there. */
  readonly declaresWhole?: (files: RosterFiles) => Promise<boolean>;
  /** Called in the order of the registry; the first that returns true reads the files. */
  recognises(files: RosterFiles): Promise<boolean> | boolean;
  /** Emits its name and option in a `format` item. Errors in the files are findings and never thrown. */
  read(files: RosterFiles, options: ReadOptions): Feed | BatchedFeed;
}

/** The district's settings for its files, and the time at which they are read. */
export interface ReadOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly settings?: Partial<{ [Name in keyof RosterSettings]: RosterSettings[Name] | undefined }> | undefined;
}

export interface RosterSettings {
  /** The column of a OneRoster users.csv that has the address users sign in with. */
  readonly oneRosterEmail: 'email' | 'username';
  /** The column with the user's id in the district's other systems. */
  readonly oneRosterId: 'sourcedId' | 'identifier';
  /** Whether an automated roster may define district administrators. */
  readonly districtAdmins: 'allow' | 'deny';
}

export const readSettings = (given: ReadOptions['settings']): RosterSettings => ({
  oneRosterEmail: given?.oneRosterEmail ?? 'email',
  oneRosterId: given?.oneRosterId ?? 'sourcedId',
  districtAdmins: given?.districtAdmins ?? 'deny',
});
