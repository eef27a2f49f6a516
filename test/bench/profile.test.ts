// The parts of a profile, and its flame graph.

import { familyOf, functionOf } from '../../bench/profile/families.ts';
import { drawFlameGraph } from '../../bench/profile/flame-graph.ts';
import { partOf, sumParts } from '../../bench/profile/parts.ts';
import { type CpuProfile, type Frame, readStacks } from '../../bench/profile/read-profile.ts';

const frame = (url: string, name = 'work'): Frame => ({ name, url, line: 1 });
const node = 'node:internal/crypto/sig';
const jose = 'file:///app/node_modules/jose/dist/webapi/jwt/verify.js';
const store = 'file:///app/dist/src/store/vault.js';

it.each([
  ['jose', [store, jose, node]],
  ['src/store', [jose, store, node]],
  ['src', ['file:///app/dist/src/wire.js']],
  ['@fastify/busboy', ['file:///app/node_modules/@fastify/busboy/lib/main.js']],
  ['inner', ['file:///app/node_modules/outer/node_modules/inner/main.js']],
  ['Node', [node]],
])('a moment is of %s when that is the nearest of %j', (part, urls) => {
  expect(partOf({ frames: urls.map((url) => frame(url)), micros: 1 })).toBe(part);
});

it('garbage collection counts as its own part, whatever code it interrupted', () => {
  expect(partOf({ frames: [frame(jose), frame('', '(garbage collector)')], micros: 1 })).toBe('V8: garbage collection');
});

it('parts come with their shares, the widest first', () => {
  const stacks = [
    { frames: [frame(jose)], micros: 30 },
    { frames: [frame(store)], micros: 60 },
    { frames: [frame(node)], micros: 10 },
  ];
  expect(sumParts(stacks).map(({ name, share }) => [name, share])).toEqual([
    ['src/store', 0.6],
    ['jose', 0.3],
    ['Node', 0.1],
  ]);
});

it.each([
  ['signatures: Clever’s verified, ours made', [[jose, 'verifySignature'], [node]]],
  ['signatures: Clever’s verified, ours made', [['file:///app/dist/src/session/session-token.js', 'signCompact']]],
  ['keyed hashes and derived keys', [[store, 'blind'], ['node:internal/crypto/hash']]],
  ['seals: AES-GCM', [[store, 'encrypt']]],
  ['the store’s adapter', [['file:///app/dist/src/store/redis-store.js']]],
  ['the store’s engine: protocol, reads, commits', [[store], ['file:///app/node_modules/lmdb/write.js']]],
  ['Node: sockets, timers, promises', [['node:internal/timers']]],
  ['collecting garbage', [[jose], ['', '(garbage collector)']]],
])('the kind of work is %s for %j', (family, places) => {
  const frames = places.map(([url = '', name]) => frame(url, name));
  expect(familyOf({ frames, micros: 1 })).toBe(family);
});

it.each([
  ['verify (jose)', [frame(store), frame(jose, 'verify'), frame(node)]],
  ['blind (src/store/vault)', [frame(store, 'blind'), frame(store, '(anonymous)')]],
  [undefined, [frame(node)]],
])('the nearest function that has a name is %s', (name, frames) => {
  expect(functionOf({ frames, micros: 1 })).toBe(name);
});

it('a sample without a part counts in the total', () => {
  const stacks = [
    { frames: [frame(jose)], micros: 30 },
    { frames: [frame(node)], micros: 70 },
  ];
  expect(sumParts(stacks, functionOf)).toEqual([{ name: 'work (jose)', micros: 30, share: 0.3 }]);
});

const callFrame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0 });
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: callFrame('(root)'), children: [2, 3] },
    { id: 2, callFrame: callFrame('handle', store), children: [4] },
    { id: 3, callFrame: callFrame('(idle)') },
    { id: 4, callFrame: callFrame('verify', jose) },
  ],
  startTime: 1_000,
  samples: [4, 4, 3, 2, 4],
  timeDeltas: [0, 100, 100, 100, 100],
};

it('only what was sampled within the windows counts, and never what was idle', () => {
  const stacks = readStacks(profile, [{ from: 1_100, to: 1_400 }]);
  expect(stacks.map(({ frames, micros }) => [frames.map(({ name }) => name), micros])).toEqual([
    [['handle', 'verify'], 100],
    [['handle'], 100],
  ]);
});

it('a flame graph is one picture without a script, with name, place and share of each frame', () => {
  const svg = drawFlameGraph(readStacks(profile, [{ from: 0, to: 9_999 }]), { title: 'a < b' });
  expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  expect(svg).not.toMatch(/<script|href|a < b/);
  expect(svg).toContain('<title>verify (jose/dist/webapi/jwt/verify.js:1): 66.7 %</title>');
});

it('frames too small to be seen are left out', () => {
  const stacks = [
    { frames: [frame(jose, 'wide')], micros: 9_999 },
    { frames: [frame(jose, 'narrow')], micros: 1 },
  ];
  const svg = drawFlameGraph(stacks, { title: 'x' });
  expect(svg).toContain('wide');
  expect(svg).not.toContain('narrow');
});
