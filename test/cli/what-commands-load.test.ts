// What a command loads, counted by V8: loading is most of what a command takes, so that a service which one command does not
// use costs every run of it. Counted and not timed. A file of the bundle is counted as the files that it is made of.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBridgeCommand } from '../helpers/bridge-command.ts';

/** Files of packages by the package, and ours by the folder of src. */
async function loadedBy(words: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-loads-'));
  try {
    const env = { STORE_URL: `embedded:${join(folder, 'store')}`, NODE_V8_COVERAGE: join(folder, 'loaded') };
    const { exitCode, stderr } = await runBridgeCommand(env, words);
    expect([exitCode, stderr]).toEqual([0, '']);
    const files = readdirSync(join(folder, 'loaded')).flatMap((name) => {
      const { result }: { result: { url: string }[] } = JSON.parse(readFileSync(join(folder, 'loaded', name), 'utf8'));
      return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
    });
    const sources = [...new Set(files)].flatMap(sourcesOf);
    const counts = new Map<string, number>();
    for (const file of sources) {
      const [, place = 'other'] =
        /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? /\/(src\/[^/]+)\//.exec(file) ?? [];
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sourcesOf(file: string): readonly string[] {
  const map = `${fileURLToPath(file)}.map`;
  return existsSync(map) ? JSON.parse(readFileSync(map, 'utf8')).sources : [file];
}

const ours = (loaded: ReadonlyMap<string, number>): number =>
  [...loaded].reduce((total, [place, count]) => total + (place.startsWith('src/') ? count : 0), 0);

it('--help loads the list of commands and its parser alone', async () => {
  const loaded = await loadedBy(['--help']);
  expect([...loaded.keys()].sort()).toEqual(['commander', 'other', 'src/audit', 'src/cli', 'src/config']);
  expect(ours(loaded)).toBeLessThanOrEqual(10);
});

it.each([['district list'], ['credential list'], ['client list']])(
  '%s loads neither the other engine, nor signatures, nor what publishes and administers',
  async (words) => {
    const loaded = await loadedBy(words.split(' '));
    for (const place of [
      'ioredis',
      'jose',
      'tldts',
      'unhomoglyph',
      'express',
      'undici',
      'papaparse',
      'src/admin',
      'src/http',
      'src/sign-in',
    ])
      expect([place, loaded.get(place)]).toEqual([place, undefined]);
    expect(loaded.has('lmdb')).toBe(true);
    expect(ours(loaded)).toBeLessThanOrEqual(75);
  },
);

it.each([['trail'], ['keys list']])('%s loads neither the other engine nor the server', async (words) => {
  const loaded = await loadedBy(words.split(' '));
  for (const place of ['ioredis', 'express', 'undici', 'src/http', 'src/sign-in', 'src/oidc'])
    expect([place, loaded.get(place)]).toEqual([place, undefined]);
});
