// Whose time it is: every moment of a profile belongs to the nearest library or folder of ours on its stack, so that what a
// library has Node do for it counts as the library's.
import type { Frame, Stack } from './read-profile.ts';

export interface Part {
  readonly name: string;
  readonly micros: number;
  /** Of all, 0 to 1. */
  readonly share: number;
}

/** `jose`, `src/store`, `V8: garbage collection`; `Node` where nothing but Node is on the stack. */
export function partOf(stack: Stack): string {
  if (isCollecting(stack)) return 'V8: garbage collection';
  for (const frame of stack.frames.toReversed()) {
    const owner = ownerOf(frame);
    if (owner !== undefined) return owner;
  }
  return 'Node';
}

/** Garbage collection, whatever code it interrupted. */
export const isCollecting = ({ frames }: Stack): boolean => frames.at(-1)?.name === '(garbage collector)';

/** Undefined for Node itself. */
export function ownerOf({ url }: Frame): string | undefined {
  const [, library] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (library !== undefined) return library;
  const [, folder] = /\/dist\/(src(?:\/[^/]+(?=\/))?)/.exec(url) ?? [];
  return folder;
}

/** The widest first. @param of the part of a stack; undefined for none */
export function sumParts(stacks: readonly Stack[], of: (stack: Stack) => string | undefined = partOf): readonly Part[] {
  const sums = new Map<string, number>();
  let total = 0;
  for (const stack of stacks) {
    const name = of(stack);
    total += stack.micros;
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + stack.micros);
  }
  return [...sums]
    .map(([name, micros]) => ({ name, micros, share: micros / total }))
    .sort((one, other) => other.micros - one.micros);
}

/** Why the callback needs each of them. */
export const reasons: Readonly<Record<string, string>> = {
  jose: 'the id_token: its form, its claims and Clever’s signature (RS256)',
  'src/store':
    'seals and opens what the store holds (AES-GCM and blind keys by HMAC), so that the store is blind, and packs it into the three round trips of a sign-in',
  Node: 'HTTP parsing and writing, sockets, timers and promises: Node’s own share of two HTTP exchanges, the visitor’s and the one with Clever',
  'V8: garbage collection':
    'what is thrown away after each sign-in: parsed tokens, headers, buffers of the store and of the cookies',
  express: 'routes the request and answers it; the public routes, the operator’s and the support pages share it',
  ioredis: 'writes and parses the protocol of Redis, and puts commands of one turn into one round trip',
  lmdb: 'reads the embedded store and commits the session, the link and the used state to it',
  'src/clever':
    'Clever’s side: the token request through its breaker and deadline, the cached keys, and one code for each kind of refusal',
  undici: 'the token request to Clever over a kept connection',
  oauth4webapi: 'checks the authorization response and the token response as OAuth and OpenID Connect say',
  'openid-client': 'leads the exchange of the code: state, nonce, PKCE and issuer are compared there',
  'src/sign-in': 'the story itself: the state, the decision in its order, the event that is logged',
  'src/session': 'signs the session’s token (ES256), writes its record, and knows which sessions live',
  'src/http': 'cookies, parameters and headers of the callback, and the limits',
  'src/roster': 'the exact match: the published roster of the district, the candidates, the account and its link',
  'src/ops': 'the metrics and the one log line of every sign-in',
  'src/identity': 'reads the claims into an identity and matches it',
  pino: 'writes the one log line of every sign-in',
  helmet: 'the headers that keep pages from being framed, sniffed or scripted',
  'prom-client': 'counts the sign-in and its duration',
  router: 'Express’s own routing',
  zod: 'checks the shape of what was sealed before it is believed',
  'rate-limiter-flexible': 'counts who asks how often',
  cookie: 'reads and writes the cookies of the state and of the session',
};
