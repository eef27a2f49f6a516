// The grammar: a request is a route of openapi.yaml with good and bad values in every place that takes one, in the
// manners a client can have, also bad ones. From a seed the same requests come in the same order.
import fc from 'fast-check';
import { openApi } from '../../test/helpers/expect-openapi.ts';
import { type Body, bodyOf } from './bodies.ts';
import { headers } from './headers.ts';
import { encoded, hostileText, mark, maybe, valueFor } from './values.ts';

export interface FuzzRequest {
  /** As in openapi.yaml, for the counts. */
  readonly route: string;
  readonly method: string;
  /** As it goes on the wire. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Body | undefined;
  /** `cut-body` goes away in the middle of sending, `cut-answer` in the middle of reading. */
  readonly manner: 'whole' | 'chunked' | 'cut-body' | 'cut-answer';
}

interface Route {
  readonly path: string;
  readonly method: string;
  readonly query: readonly string[];
  readonly bodies: readonly { readonly type: string; readonly fields: readonly string[] }[];
}

const verbs = ['get', 'put', 'post', 'head'] as const;

/** Those of the public port. */
export const routes: readonly Route[] = Object.entries(openApi.paths)
  .filter(([path]) => !['/livez', '/readyz', '/metrics'].includes(path))
  .flatMap(([path, item]) =>
    verbs.flatMap((verb) => (item[verb] === undefined ? [] : [readRoute(path, verb, Object(item[verb]))])),
  );

function readRoute(path: string, verb: string, operation: Readonly<Record<string, unknown>>): Route {
  const parameters = [operation['parameters'] ?? []].flat().map(follow);
  const content = Object(Object(follow(operation['requestBody']))['content']);
  return {
    path,
    method: verb.toUpperCase(),
    query: parameters.flatMap((one) => (one['in'] === 'query' ? [String(one['name'])] : [])),
    bodies: Object.entries(content).map(([type, described]) => ({
      type,
      fields: Object.keys(Object(follow(Object(described)['schema'])['properties'])),
    })),
  };
}

function follow(part: unknown): Readonly<Record<string, unknown>> {
  const reference: unknown = Object(part)['$ref'];
  if (typeof reference !== 'string') return Object(part);
  return reference
    .slice(2)
    .split('/')
    .reduce<Record<string, unknown>>((at, step) => Object(at[step]), Object(openApi));
}

const strangeMethods = [
  'OPTIONS',
  'TRACE',
  'DELETE',
  'PATCH',
  'PROPFIND',
  'PURGE',
  'LOCK',
  'M-SEARCH',
  'HEAD',
  'POST',
  'GET',
  'PUT',
];

const strangePaths = fc.constantFrom(
  '/nowhere',
  '/LOGIN',
  '/Support/attempts',
  '/session/',
  '//session',
  '/%73ession',
  '/./session',
  '/support/../session',
  '/districts/%2e%2e/roster',
  '/districts/juniper-flats%2froster',
  '/session;jsessionid=1',
  '/.env',
  '/.git/config',
  '/metrics',
  '/readyz',
  `/${mark}`,
  '/%',
  '/%ff',
  `/${'a'.repeat(9_000)}`,
  'http://evil.invalid/login',
  '*',
);

function pathOf(template: string): fc.Arbitrary<string> {
  const steps = template.split('/').map((step) => {
    const name = /^\{(\w+)\}$/.exec(step)?.[1];
    return name === undefined ? fc.constant(step) : encoded(valueFor(name));
  });
  return fc.tuple(...steps).map((all) => all.join('/'));
}

function queryOf(names: readonly string[]): fc.Arbitrary<string> {
  const declared = names.length === 0 ? [] : [fc.constantFrom(...names).chain((name) => pairOf(name, valueFor(name)))];
  const foreign = fc
    .constantFrom('__proto__[a]', 'state', 'code', 'return_to', 'debug', 'id[]', '%00', '%ff', mark, '')
    .chain((name) => pairOf(name, hostileText));
  const pair = fc.oneof(...declared.map((arbitrary) => ({ weight: 5, arbitrary })), { weight: 1, arbitrary: foreign });
  const pairs = fc.array(pair, { maxLength: names.length + 2 });
  return fc.tuple(pairs, fc.integer({ min: 0, max: 11 })).map(([all, way]) => {
    const list = way === 0 ? [...all, ...all.slice(0, 1)] : all;
    return list.length === 0 ? '' : `?${list.join(way === 1 ? ';' : '&')}`;
  });
}
const pairOf = (name: string, value: fc.Arbitrary<string>) => encoded(value).map((text) => `${name}=${text}`);

const requestOf = ({ path, method, query, bodies }: Route): fc.Arbitrary<FuzzRequest> =>
  fc.record({
    route: fc.constant(`${method} ${path}`),
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant(method) },
      { weight: 1, arbitrary: fc.constantFrom(...strangeMethods) },
    ),
    target: fc
      .tuple(fc.oneof({ weight: 14, arbitrary: pathOf(path) }, { weight: 1, arbitrary: strangePaths }), queryOf(query))
      .map((parts) => parts.join('')),
    headers: headers(path),
    body:
      bodies.length === 0
        ? maybe(1, 9, bodyOf('application/json', ['a']))
        : maybe(12, 1, fc.oneof(...bodies.map(({ type, fields }) => bodyOf(type, fields)))),
    manner: fc.oneof(
      { weight: 24, arbitrary: fc.constant('whole' as const) },
      { weight: 2, arbitrary: fc.constant('chunked' as const) },
      { weight: 1, arbitrary: fc.constant('cut-body' as const) },
      { weight: 1, arbitrary: fc.constant('cut-answer' as const) },
    ),
  });

const request: fc.Arbitrary<FuzzRequest> = fc.oneof(...routes.map(requestOf));

/** @param batch which of many, so that a hundred thousand need not be in memory at once */
export const makeRequests = (seed: number, batch: number, count: number): FuzzRequest[] =>
  fc.sample(request, { seed: seed * 10_007 + batch, numRuns: count });
