// Reads manifest.csv: the version of a set, and which files are complete, contain changes only, or are absent.
import type { Finding } from '../feed.ts';
import { errorAt } from '../finding.ts';
import type { RosterFiles } from '../roster-files.ts';
import { isReadFile, oneRosterTables } from './oneroster-files.ts';
import { readTable } from './oneroster-table.ts';

export interface OneRosterManifest {
  readonly version: '1.1' | '1.2' | undefined;
  /** Names of files without `.csv`, lower case. */
  readonly absent: ReadonlySet<string>;
  readonly bulk: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/** Without a manifest, nothing is known about the set. */
export async function readManifest(files: RosterFiles): Promise<OneRosterManifest> {
  let version: OneRosterManifest['version'];
  const [absent, bulk] = [new Set<string>(), new Set<string>()];
  const findings: Finding[] = [];
  for await (const items of readTable(files, oneRosterTables.manifest)) {
    for (const item of items) {
      if (item.kind === 'finding') findings.push(item);
      if (item.kind !== 'row') continue;
      const property = (item.text('propertyName') ?? '').toLowerCase();
      const value = (item.text('value') ?? '').toLowerCase();
      if (property === 'oneroster.version') version = value.startsWith('1.2') ? '1.2' : '1.1';
      const name = property.startsWith('file.') ? property.slice('file.'.length) : undefined;
      if (name === undefined || !isReadFile(`${name}.csv`)) continue;
      if (value === 'absent') absent.add(name);
      if (value === 'bulk') bulk.add(name);
      if (value === 'delta') findings.push(errorAt('delta_not_supported', item.at('value')));
    }
  }
  return { version, absent, bulk, findings };
}
