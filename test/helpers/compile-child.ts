// A child process written in TypeScript, for tests that kill it: Node 20 does not run TypeScript, so the file and all that
// it imports, statically or later, are compiled into a folder of their own.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

export interface CompiledChild {
  /** To be run by node. */
  readonly file: string;
  remove(): void;
}

const imports = /((?:from\s+|import\()["'])(\.{1,2}\/[^"']+)\.tsx?(["'])/g;

/** @param source from the root of the repository, such as `test/helpers/drop-child.ts` */
export async function compileChild(source: string): Promise<CompiledChild> {
  // Inside the repository, so that the compiled files find node_modules.
  mkdirSync('node_modules/.cache', { recursive: true });
  const folder = mkdtempSync(`node_modules/.cache/child-${process.pid}-`);
  const targetOf = (path: string) => join(folder, path.replace(/\.tsx?$/, '.js'));
  const queue = [source];
  for (const path of queue) {
    if (existsSync(targetOf(path))) continue;
    const code = await compile(path);
    mkdirSync(dirname(targetOf(path)), { recursive: true });
    writeFileSync(targetOf(path), code.replace(imports, '$1$2.js$3'));
    queue.push(
      ...[...code.matchAll(/(?:from\s+|import\()["'](\.{1,2}\/[^"']+)["']/g)].map(([, to = '']) =>
        join(dirname(path), to),
      ),
    );
  }
  return { file: targetOf(source), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function compile(path: string): Promise<string> {
  const { code } = await transformFile(path, {
    swcrc: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic', importSource: 'preact' } },
    },
    module: { type: 'es6' },
  });
  return code;
}
