// Makes a folder and those above it, or says why not.
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * As `mkdir -p`. Node's own `recursive` tries for ever, with the whole process, where a file system answers ENOENT although
 * the folder above is there, as /proc does.
 * @param path absolute or relative
 * @param mode of the folders that are made
 * @throws the failure of mkdir, such as EROFS, EACCES, ENOTDIR, or EEXIST where something else than a folder is there
 */
export function makeFolder(path: string, mode?: number): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (failure) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw failure;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
