// Which versions take part, so that a figure can be held against the right one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '../../sandbox/demo/find-root.ts';

/** `name version` of each package that is installed, as a peer or with the bridge. */
export function packageVersions(names: readonly string[]): string[] {
  const folders = [join(findRoot(), 'bench', 'peers'), findRoot()];
  return names.flatMap((name) => {
    const file = folders.map((folder) => join(folder, 'node_modules', name, 'package.json')).find(existsSync);
    return file === undefined ? [] : [`${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`];
  });
}

/** The version that the program prints; empty if the program is missing or prints something else. */
export function programVersion(name: string, words: readonly string[], version: RegExp): string[] {
  const found = version.exec(spawnSync(words[0] ?? '', words.slice(1), { encoding: 'utf8' }).stdout ?? '')?.[1];
  return found === undefined ? [] : [`${name} ${found}`];
}
