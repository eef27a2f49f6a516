// dist/bridge, which production runs: all but lmdb is in it, and a failure in it is placed in our sources.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeDistrict } from '../../sandbox/district-maker.ts';
import { findSourcePlace } from '../../src/ops/log.ts';
import { findBuilt } from '../helpers/bridge-build.ts';
import { runBridgeCommand } from '../helpers/bridge-command.ts';

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

it('is made of sources that load no CommonJS library by import(), of which a bundle has the default export alone', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const loaded = sources.flatMap((name) =>
    [
      ...readFileSync(join('src', name), 'utf8').matchAll(
        /await import\('((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?'\)/g,
      ),
    ].map(([, library = '']) => library),
  );
  const typeOf = (name: string) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).type;
  expect(loaded).toContain('@bomb.sh/tab');
  expect(loaded.filter((name) => typeOf(name) !== 'module')).toEqual([]);
});

it('says in which of our files something failed', () => {
  const chunk = chunks.find(({ code }) => code.includes('\n// src/store/vault.ts\n'));
  const lines = chunk?.code.split('\n') ?? [];
  const begin = lines.lastIndexOf('// src/store/vault.ts');
  const line = lines.findIndex((text, at) => at > begin && /^(async )?function /.test(text));
  const frame = `${pathToFileURL(chunk?.file ?? '').href}:${line + 1}:1`;
  expect(findSourcePlace(`Error\n    at seal (${frame})`)).toMatch(/^src\/store\/vault\.ts:\d+$/);
});

it('has the thread that hashes a long roster', async () => {
  const at = mkdtempSync(join(tmpdir(), 'sso-bundle-'));
  try {
    // More than stay on one thread.
    const shape = { students: 51_000, teachers: 1, staff: 1, classesPerStudent: 0, seed: 1 };
    await writeDistrict(join(at, 'files'), { ...shape, lineEnds: 'lf', headerStyle: 'School_id' });
    const env = {
      STORE_URL: `embedded:${join(at, 'store')}`,
      STORE_KEYS: `one:${Buffer.alloc(32, 1).toString('base64')}`,
    };
    const run = (...words: readonly string[]) => runBridgeCommand(env, words);
    await run(
      'district',
      'put',
      'long',
      '--clever-id',
      '5f0000000000000000000001',
      '--name',
      'L',
      '--rostering',
      'sftp',
    );
    const published = await run(
      'roster',
      'publish',
      join(at, 'files'),
      '--district',
      'long',
      '--method',
      'sftp',
      '--json',
    );
    expect(published.json).toMatchObject({ result: 'published', accounts: { student: shape.students } });
  } finally {
    rmSync(at, { recursive: true });
  }
});
