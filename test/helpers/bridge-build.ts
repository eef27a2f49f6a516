// Where the built bridge is. `npm test` builds it once before jest; the harness starts what was built and nothing else.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '../../sandbox/demo/find-root.ts';

/** Of the repository, also for a command of bench/ that runs this from dist. */
export const root = findRoot();

/** BRIDGE_BUILD names another folder with the same inside, such as one that is built while others work on dist. */
const build = process.env['BRIDGE_BUILD'] ?? join(root, 'dist');

const found = new Set<string>();

/** @throws Error that says what to do, if the build is missing or older than a source file; looks once a test file */
export function findBuilt(file: string): string {
  const built = join(build, file);
  if (found.has(file)) return built;
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs;
  const command = file.startsWith('bench/') ? 'npm run build:bench' : 'npm run build';
  if (builtAt === undefined) throw new Error(`${file} is not built. Run: ${command}`);
  const newest = Math.max(...['src', 'sandbox'].map((folder) => newestSource(join(root, folder))));
  if (newest > builtAt) throw new Error(`The build is older than the sources. Run: ${command}`);
  found.add(file);
  return built;
}

function newestSource(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const times = files
    .filter((one) => /\.tsx?$/.test(one.name))
    .map((one) => statSync(join(one.parentPath, one.name)).mtimeMs);
  return Math.max(0, ...times);
}
