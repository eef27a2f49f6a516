// dist/bridge, which production runs: all but lmdb is in it, and a failure in it is placed in our sources.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findSourcePlace } from '../../src/ops/source-place.ts';
import { findBuilt } from '../helpers/bridge-build.ts';

const folder = dirname(findBuilt('bridge/main.js'));
const chunks = readdirSync(folder)
  .filter((name) => name.endsWith('.js'))
  .map((name) => ({ file: join(folder, name), code: readFileSync(join(folder, name), 'utf8') }));

it('asks for lmdb, for Node’s own modules and for nothing else', () => {
  const asked = chunks.flatMap(({ code }) =>
    [...code.matchAll(/^(?:import|export) ?(?:[^'"();]* from )?"([^"]+)";|\b(?:__require|import)\("([^"]+)"\)/gm)].map(
      ([, fixed, later]) => fixed ?? later ?? '',
    ),
  );
  const outside = new Set(asked.filter((name) => !/^(\.\/|node:)/.test(name) && !isBuiltin(name)));
  expect(asked.filter((name) => name.startsWith('./')).length).toBeGreaterThan(chunks.length);
  expect([...outside]).toEqual(['lmdb']);
});

it('says in which of our files something failed', () => {
  const chunk = chunks.find(({ code }) => code.includes('\n// src/store/vault.ts\n'));
  const lines = chunk?.code.split('\n') ?? [];
  const begin = lines.lastIndexOf('// src/store/vault.ts');
  const line = lines.findIndex((text, at) => at > begin && /^(async )?function /.test(text));
  const frame = `${pathToFileURL(chunk?.file ?? '').href}:${line + 1}:1`;
  expect(findSourcePlace(`Error\n    at seal (${frame})`)).toMatch(/^src\/store\/vault\.ts:\d+$/);
});
