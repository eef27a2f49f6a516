// The source location of an error: file and line, from its stack. Locations in the build are mapped by its source map,
// which is loaded on first use.
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';
import { fileURLToPath } from 'node:url';
import { remember } from '../store/remember.ts';

const own = /(?:^|\/)((?:src|sandbox)\/[\w./-]+)$/;
const isLibrary = (file: string) => file.includes('/node_modules/');

/**
 * @param stack without the error's message, which may contain anything
 * @returns `src/roster/publish.ts:12`, of the first frame of the bridge's own code
 */
export function findSourcePlace(stack: string): string | undefined {
  for (const [, file = '', line, column] of stack.matchAll(/^\s+at .*?([^\s(]+):(\d+):(\d+)\)?$/gm)) {
    if (isLibrary(file)) continue;
    const source = toSource(file, Number(line), Number(column));
    const name = isLibrary(source.file) ? undefined : own.exec(source.file)?.[1];
    if (name !== undefined) return `${name}:${source.line}`;
  }
  return undefined;
}

function toSource(file: string, line: number, column: number) {
  // Frames count from 1, maps from 0.
  const entry = file.startsWith('file:') ? mapOf(file)?.findEntry(line - 1, column - 1) : undefined;
  return isFound(entry) ? { file: entry.originalSource, line: entry.originalLine + 1 } : { file, line };
}

const isFound = (entry: SourceMapping | object | undefined): entry is SourceMapping =>
  entry !== undefined && 'originalSource' in entry;

const mapOf = remember(256, (file) => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')));
  } catch {
    // Without the map, the location in the build.
    return undefined;
  }
});
