// What a roster format is to the rest of the bridge: what it is called, how it knows its files, and how it reads them. A
// new format is a folder with one of these and a line in registry.ts.
import type { BatchedFeed, Feed } from './feed.ts';
import type { RosterFiles } from './roster-files.ts';

/** The methods by which files are sent. */
export type SentBy = 'sftp' | 'manual';

export interface RosterFormat {
  readonly name: string;
  readonly methods: readonly SentBy[];
  /** Whether it reads a file of this name, in any capitalisation. */
  readonly reads: (name: string) => boolean;
  /** Whether a set of it may have a file of this name that is left unread on purpose; absent where there is none. */
  readonly leaves?: (name: string) => boolean;
  /** The names of the files it reads, in lower case; absent where names are free. */
  readonly fileNames?: readonly string[];
  /** Whether the files without which it publishes nothing are among these. */
  readonly isWhole: (names: readonly string[]) => boolean;
  /** Whether the files say of themselves which they are, and all of them are there. */
  readonly saysWhole?: (files: RosterFiles) => Promise<boolean>;
  /** Asked in the order of the registry; the first that says true reads the files. */
  recognises(files: RosterFiles): Promise<boolean> | boolean;
  /** Tells its name and option by a `format` item. What is wrong with the files is a finding and never thrown. */
  read(files: RosterFiles, options: ReadOptions): Feed | BatchedFeed;
}

/** What a district has decided about its files, and the time at which they are read. */
export interface ReadOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly settings?: Partial<{ [Name in keyof RosterSettings]: RosterSettings[Name] | undefined }> | undefined;
}

export interface RosterSettings {
  /** Which column of a OneRoster users.csv has the address that people sign in with. */
  readonly oneRosterEmail: 'email' | 'username';
  /** Which column has the id that the district's other systems know a person by. */
  readonly oneRosterId: 'sourcedId' | 'identifier';
  /** Whether an automated roster makes district administrators. */
  readonly districtAdmins: 'allow' | 'deny';
}

export const readSettings = (given: ReadOptions['settings']): RosterSettings => ({
  oneRosterEmail: given?.oneRosterEmail ?? 'email',
  oneRosterId: given?.oneRosterId ?? 'sourcedId',
  districtAdmins: given?.districtAdmins ?? 'deny',
});
