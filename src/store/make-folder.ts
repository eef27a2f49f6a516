// Creates a folder and its parents, or throws the reason.
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * As `mkdir -p`. Node's own `recursive` blocks the process forever if a file system answers ENOENT although the parent
 * exists, as /proc does.
 * @param path absolute or relative
 * @param mode of the created folders
 * @throws the error of mkdir, such as EROFS, EACCES, ENOTDIR, or EEXIST if something other than a folder exists there
 */
export function makeFolder(path: string, mode?: number): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (failure) {
    // Another process may have created it meanwhile.
    if (!isFolder(path)) throw failure;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
