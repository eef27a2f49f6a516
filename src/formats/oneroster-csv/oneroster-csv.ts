// OneRoster CSV 1.1 and 1.2 (1EdTech) as a feed. Reads and reports; whether a roster is published is decided elsewhere.
import type { BatchedFeed, Finding, FormatName, RosterOption } from '../feed.ts';
import { errorAt } from '../finding.ts';
import { type ReadOptions, type RosterFormat, readSettings } from '../format.ts';
import { type RosterFiles, unreadFiles } from '../roster-files.ts';
import { createIdTable } from './id-table.ts';
import { readClasses } from './oneroster-classes.ts';
import { isKnownFile, isReadFile, oneRosterTables, readNames } from './oneroster-files.ts';
import { type OneRosterManifest, readManifest } from './oneroster-manifest.ts';
import { createOrgs } from './oneroster-orgs.ts';
import { createRolesByUser } from './oneroster-roles.ts';
import { hasTable } from './oneroster-table.ts';
import { createUsers } from './oneroster-users.ts';

/**
 * Reads users and orgs, roles of 1.2, and of a full set courses, classes, enrollments and academic sessions. Files are
 * streamed; the ids by which they refer to each other are kept outside of the heap. Errors in the files are findings
 * and never thrown.
 */
export const oneRosterCsv: RosterFormat = {
  name: 'oneroster',
  methods: ['sftp'],
  fileNames: readNames,
  reads: isReadFile,
  leaves: (name) => isKnownFile(name) && !isReadFile(name),
  isWhole,
  declaresWhole,
  recognises: ({ kind, names }) => kind === 'folder' && isOneRoster(names),
  read: readOneRoster,
};

// Other names occur in both families and decide only if neither has its own.
const own = /^(users|orgs)\.csv$/i;
const foreign = /^(students|teachers)\.csv$/i;
const likely = /^(roles|manifest|courses|classes|academicsessions)\.csv$/i;
const likelyForeign = /^(students|teachers|schools|sections|staff|admins)\.csv$/i;

const isOneRoster = (names: readonly string[]): boolean => {
  const isAny = (pattern: RegExp) => names.some((name) => pattern.test(name));
  return isAny(own) || (isAny(likely) && !isAny(likelyForeign));
};

const classTables = ['courses', 'classes', 'enrollments'] as const;

/** Users and orgs; if there is one file of classes, all of them. */
function isWhole(names: readonly string[]): boolean {
  const has = (name: keyof typeof oneRosterTables) => hasTable({ names }, oneRosterTables[name]);
  return has('users') && has('orgs') && (classTables.every(has) || !classTables.some(has));
}

/** By a manifest that names files, all of which are there. */
async function declaresWhole(files: RosterFiles): Promise<boolean> {
  const { bulk, findings } = await readManifest(files);
  const named = Object.values(oneRosterTables).filter(({ name }) => bulk.has(name.toLowerCase()));
  return findings.length === 0 && named.length > 0 && named.every((table) => hasTable(files, table));
}

async function* readOneRoster(sent: RosterFiles, { clock, settings: given }: ReadOptions): BatchedFeed {
  const manifest = await readManifest(sent);
  const files = withoutAbsent(sent, manifest);
  const { format, option } = recognise(files, manifest);
  yield [{ kind: 'format', format, option }];
  const errors = [...manifest.findings, ...mixed(sent), ...missing(files, manifest, format, option)];
  yield [...errors, ...unreadFiles(sent, (name) => isKnownFile(name) || foreign.test(name), readNames)];
  // Further findings about an unusable set would only repeat the cause.
  if (errors.some(({ code }) => code === 'delta_not_supported' || code === 'formats_mixed')) return;
  const settings = readSettings(given);
  const now = clock();
  const orgs = createOrgs();
  yield* orgs.read(files);
  const ids = createIdTable();
  const roles = format === 'oneroster-1.2' ? createRolesByUser(ids, orgs, now) : undefined;
  if (roles !== undefined) yield* roles.read(files);
  const users = createUsers({ ids, orgs, roles, settings });
  yield* users.read(files);
  if (roles !== undefined) for (const item of roles.unknownUsers(users.has)) yield [item];
  if (option === 'full') yield* readClasses(files, { orgs, users, now });
}

function withoutAbsent(files: RosterFiles, { absent }: OneRosterManifest): RosterFiles {
  const names = files.names.filter((name) => !absent.has(name.toLowerCase().replace(/\.csv$/, '')));
  return { ...files, names };
}

function recognise(
  files: RosterFiles,
  { version }: OneRosterManifest,
): { readonly format: FormatName; readonly option: RosterOption } {
  const is12 = version === '1.2' || hasTable(files, oneRosterTables.roles);
  const isFull = classTables.some((name) => hasTable(files, oneRosterTables[name]));
  return { format: is12 ? 'oneroster-1.2' : 'oneroster-1.1', option: isFull ? 'full' : 'provisioning' };
}

const mixed = ({ names }: RosterFiles): readonly Finding[] =>
  names.filter((name) => foreign.test(name)).map((file) => errorAt('formats_mixed', { file }));

/** The files that every set has, those of a full one, and those that the manifest declares. */
function missing(
  files: RosterFiles,
  { bulk }: OneRosterManifest,
  format: FormatName,
  option: RosterOption,
): readonly Finding[] {
  const wanted = new Set<string>([
    'orgs',
    'users',
    ...(format === 'oneroster-1.2' ? ['roles'] : []),
    ...(option === 'full' ? classTables : []),
  ]);
  return Object.values(oneRosterTables)
    .filter((table) => wanted.has(table.name) || bulk.has(table.name.toLowerCase()))
    .filter((table) => !hasTable(files, table))
    .map(({ name }) => errorAt('file_missing', { file: `${name}.csv` }));
}
