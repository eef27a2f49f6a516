import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findSourcePlace } from '../../src/ops/source-place.ts';

const stack = (...frames: string[]) => ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\n');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sso-source-place-'));
  await mkdir(join(folder, 'bridge'));
  // Three generated lines: the first of a library, the second and third lines 1 and 2 of ours.
  const sources = ['../../node_modules/a/src/a.js', '../../src/roster/publish.ts'];
  const map = { version: 3, sources, names: [], mappings: 'AAAA;ACAA;AACA' };
  await writeFile(join(folder, 'bridge', 'chunk.js.map'), JSON.stringify(map));
  await writeFile(join(folder, 'bridge', 'broken.js.map'), '{');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const built = (file: string) => pathToFileURL(join(folder, 'bridge', file)).href;

it('names the TypeScript file and line of what was built, past the frames of libraries', () => {
  const frames = [
    'read (node:fs:1:1)',
    'run (file:///app/node_modules/b/src/b.js:1:1)',
    `Object.a (${built('chunk.js')}:1:9)`,
    `async ${built('chunk.js')}:3:9`,
    `ours (${built('chunk.js')}:2:9)`,
  ];
  expect(findSourcePlace(stack(...frames))).toBe('src/roster/publish.ts:2');
});

it.each([
  ['is without a map', 'file:///app/dist/src/serve.js:12:3', 'src/serve.js:12'],
  ['was not built', '/app/src/serve.ts:12:3', 'src/serve.ts:12'],
])('names the file itself where it %s', (_, frame, place) => {
  expect(findSourcePlace(stack(`serve (${frame})`))).toBe(place);
});

it('names none where the map of a bundle cannot be read', () => {
  expect(findSourcePlace(stack(`run (${built('broken.js')}:1:1)`))).toBeUndefined();
});

it.each([
  ['no frame is ours', stack('read (node:fs:1:1)', 'file:///app/node_modules/b/b.js:1:1')],
  ['there is no stack', ''],
])('names none where %s', (_, text) => {
  expect(findSourcePlace(text)).toBeUndefined();
});
