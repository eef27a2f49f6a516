// The order of the folders of src, read from the imports: a folder imports folders of lower levels only, and no circle of
// files or folders exists. biome.json holds what is about libraries; library-rules.test.ts tries it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from '@swc/core';

/** Level by folder; `.` is src itself. A folder that is not in the table fails the test. Folders of one level do not import each other. */
const levels: Readonly<Record<string, number>> = {
  '.': 11,
  cli: 10,
  workers: 10,
  compose: 9,
  http: 8,
  clever: 8,
  ops: 8,
  'sign-in': 7,
  admin: 7,
  staff: 7,
  oidc: 7,
  preflight: 7,
  incidents: 7,
  session: 6,
  support: 6,
  'secure-sync': 6,
  'sftp-drop': 6,
  roster: 5,
  outcome: 4,
  audit: 4,
  district: 3,
  formats: 3,
  'paged-table': 3,
  limits: 3,
  config: 3,
  store: 2,
  identity: 1,
  schedule: 1,
  verifier: 1,
  trace: 1,
};

/** Paths below src, with `/`, and what each imports of src. */
type Imports = ReadonlyMap<string, readonly string[]>;

interface Node {
  readonly type: string;
  readonly source?: { readonly value: string } | null;
}

function importedBy(file: string, text: string): string[] {
  const program = parseSync(text, { syntax: 'typescript', tsx: file.endsWith('.tsx') });
  const found = new Set<string>();
  for (const { source } of program.body as readonly Node[])
    if (source?.value.startsWith('.')) found.add(join(dirname(file), source.value));
  for (const [, path] of text.matchAll(/\bimport\(\s*'(\.[^']+)'/g)) if (path) found.add(join(dirname(file), path));
  return [...found];
}

function readImports(): Imports {
  const files = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.tsx?$/.test(name))
    .map((file) => relative('src', join(file.parentPath, file.name)));
  return new Map(files.map((file) => [file, importedBy(file, readFileSync(join('src', file), 'utf8'))]));
}

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '.');

function findAgainstOrder(imports: Imports): string[] {
  const against: string[] = [];
  for (const [file, targets] of imports) {
    const level = levels[folderOf(file)];
    if (level === undefined) against.push(`${file}: its folder has no level`);
    for (const target of targets) {
      const targetLevel = levels[folderOf(target)] ?? Number.POSITIVE_INFINITY;
      if (folderOf(target) !== folderOf(file) && !(targetLevel < (level ?? 0))) against.push(`${file} -> ${target}`);
    }
  }
  return against;
}

/** Every set of names that reach each other (Tarjan), of more than one. */
function findCircles(edges: Imports): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (name: string): number => {
    const index = order.size;
    order.set(name, index);
    lowest.set(name, index);
    open.push(name);
    for (const next of edges.get(name) ?? []) {
      const reach = order.has(next) ? (open.includes(next) ? order.get(next) : undefined) : visit(next);
      if (reach !== undefined) lowest.set(name, Math.min(lowest.get(name) ?? index, reach));
    }
    if (lowest.get(name) === index) {
      const circle = open.splice(open.indexOf(name));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return lowest.get(name) ?? index;
  };
  for (const name of edges.keys()) if (!order.has(name)) visit(name);
  return circles;
}

function betweenFolders(imports: Imports): Imports {
  const folders = new Map<string, string[]>();
  for (const [file, targets] of imports) {
    const others = targets.map(folderOf).filter((folder) => folder !== folderOf(file));
    folders.set(folderOf(file), [...(folders.get(folderOf(file)) ?? []), ...others]);
  }
  return folders;
}

const imports = readImports();

/** The tree with one file more. */
const planted = (file: string, text: string): Imports => new Map([...imports, [file, importedBy(file, text)]]);

describe('the folders of src', () => {
  it('are read whole', () => {
    expect(imports.size).toBeGreaterThan(250);
    expect(imports.get('main.ts')).toContain('serve.ts');
  });

  it('import lower levels only', () => {
    expect(findAgainstOrder(imports)).toEqual([]);
  });

  it('make no circle, nor do their files', () => {
    expect(findCircles(betweenFolders(imports))).toEqual([]);
    expect(findCircles(imports)).toEqual([]);
  });
});

describe('a planted violation is found', () => {
  it.each([
    ['identity/planted.ts', "import { openVault } from '../store/vault.ts';"],
    ['store/redis/planted.ts', "import type { Feed } from '../../formats/feed.ts';"],
    ['roster/planted.ts', "export { decideSignIn } from '../sign-in/decide-sign-in.ts';"],
    ['roster/planted.ts', "export * from '../session/session-token.ts';"],
    ['session/planted.ts', "import '../support/attempt-log.ts';"],
    ['sign-in/planted.ts', "import type { Log } from '../ops/log.ts';"],
    ['clever/planted.ts', "import { createApp } from '../http/app.ts';"],
    ['cli/planted.ts', "const late = await import('../main.ts');"],
    ['compose/planted.ts', "import { run } from '../cli/run.ts';"],
    ['verifier/planted.ts', "import type { Identity } from '../identity/identity.ts';"],
  ])('in %s: %s', (file, text) => {
    expect(findAgainstOrder(planted(file, text))).toHaveLength(1);
  });

  it('where a folder is not in the table', () => {
    expect(findAgainstOrder(planted('somewhere/planted.ts', ''))).toEqual([
      'somewhere/planted.ts: its folder has no level',
    ]);
  });

  it('where files or folders import each other in a circle', () => {
    const circle = new Map([...planted('roster/a.ts', "import './b.ts';"), ['roster/b.ts', ['roster/a.ts']]]);
    expect(findCircles(circle)).toEqual([['roster/a.ts', 'roster/b.ts']]);
    const rooms = new Map([
      ['session/a.ts', ['support/b.ts']],
      ['support/b.ts', ['roster/c.ts']],
      ['roster/c.ts', ['session/a.ts']],
    ]);
    expect(findCircles(betweenFolders(rooms))).toEqual([['roster', 'session', 'support']]);
  });
});
