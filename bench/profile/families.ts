// The kinds of work, in any package: every sample of a profile belongs to the nearest function on its
// stack that has a known kind. parts.ts says which part of the program it belongs to.
import { isCollecting, ownerOf } from './parts.ts';
import type { Frame, Stack } from './read-profile.ts';

/** Matched with the place and the name of a function, in this order. */
const families: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'signatures: Clever’s verified, ours made',
    /jws_(verify|sign)|verifySignature|verify-signature|signCompact|node:internal\/crypto\/(sig|rsa|ec|webcrypto)/,
  ],
  ['keyed hashes and derived keys', /vault\.js (blind|derive)|node:internal\/crypto\/(hash|hkdf|keys)/],
  ['seals: AES-GCM', /vault\.js|sealed-attempt|node:internal\/crypto\/cipher/],
  [
    'the store’s engine: protocol, reads, commits',
    /node_modules\/(ioredis|lmdb|redis-parser|cluster-key-slot|msgpackr)/,
  ],
  ['the store’s adapter', /dist\/src\/store\//],
  ['HTTP with Clever', /node_modules\/undici|dist\/src\/clever\/(clever-fetch|deadline)|node:internal\/deps\/undici/],
  ['OpenID Connect: requests, answers, claims', /node_modules\/(oauth4webapi|openid-client|jose)|dist\/src\/clever\//],
  ['metrics and the log line', /node_modules\/(prom-client|pino|sonic-boom|thread-stream)|dist\/src\/ops\//],
  [
    'HTTP with the visitor: parsing, routing, headers, cookies',
    /node_modules\/(express|router|helmet|cookie|finalhandler)|dist\/src\/http\/|node:_http|node:internal\/http/,
  ],
  [
    'the decision: state, roster, match, link, session',
    /dist\/src\/(sign-in|roster|identity|session|support|limits)\//,
  ],
];

const collecting = 'collecting garbage';
const rest = 'Node: sockets, timers, promises';

export function familyOf(stack: Stack): string {
  if (isCollecting(stack)) return collecting;
  for (const { url, name } of stack.frames.toReversed()) {
    const family = families.find(([, pattern]) => pattern.test(`${url} ${name}`));
    if (family !== undefined) return family[0];
  }
  return rest;
}

/** `verifySignature (jose)`: the nearest function that is not Node's; undefined where all is Node's. */
export function functionOf({ frames }: Stack): string | undefined {
  const own = frames.findLast((frame) => ownerOf(frame) !== undefined && frame.name !== '(anonymous)');
  return own === undefined ? undefined : `${own.name} (${ownerIn(own)})`;
}

/** A library by its name, ours by its file. */
function ownerIn(frame: Frame): string {
  const owner = ownerOf(frame) ?? 'Node';
  return owner.startsWith('src') ? (frame.url.split('/dist/').at(-1) ?? owner).replace(/\.js$/, '') : owner;
}
