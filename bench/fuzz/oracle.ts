// What must hold for every answer, whatever was asked. Knows the promises, not the routes: those are in openapi.yaml.
import { isCode, outcomeCodes } from '../../src/outcome/outcome-codes.ts';
import { expectOpenApi } from '../../test/helpers/expect-openapi.ts';
import type { FuzzRequest } from './requests.ts';
import { mark } from './values.ts';
import type { Seen } from './wire.ts';
import type { World } from './world.ts';

/** What the answers are held against. */
export type Known = Pick<World, 'secrets' | 'personal' | 'redirects'> & {
  /** An answer that takes longer is a finding. */
  readonly maxAnswerMs?: number;
};

export interface Sent extends FuzzRequest {
  /** The holes that were filled, before they were. */
  readonly asked: FuzzRequest;
}

const stackOrPath =
  /\bat \S+ \(|node_modules|\/(src|dist|tmp|home|work|var)\/|\.tsx?:\d+|\b\w*Error: |\bECONN|\bEISDIR\b|\bENOENT\b|\b(?:LMDB|lmdb)\b/;
const maxAnswerHeaders = 16_000;

/** What is wrong with an answer; empty if nothing. */
export function judge(world: Known, sent: Sent, seen: Seen): string[] {
  const found: string[] = [];
  const add = (isWrong: boolean, what: string) => void (isWrong && found.push(what));
  const text = `${seen.body}${seen.raw ?? ''}`;
  // The request's id is random digits, in which a short number of the test's people may stand by chance.
  const { 'x-request-id': _id, ...headers } = seen.headers;
  const whole = `${JSON.stringify(headers)}\n${text}`;
  add(isUnpromised(seen), `${seen.status} is not promised here`);
  const [ours] = stackOrPath.exec(whole) ?? [];
  add(ours !== undefined, `a stack or a path of ours: ${ours?.slice(0, 40)}`);
  add(isPage(seen) && text.includes(`<script>${mark}`), 'markup of ours came back as markup');
  found.push(...leaks(world, sent, whole, seen));
  if (seen.raw !== undefined || seen.status === 0) return found;
  // Too large a head is refused by the parser, before anything of ours.
  if (seen.status === 431) return found;
  found.push(...headerFaults(world, sent, seen));
  if (sent.manner !== 'cut-answer') found.push(...documentFaults(sent, seen));
  add(seen.milliseconds > (world.maxAnswerMs ?? 15_000), 'took longer than a sign-in may');
  return found;
}

/** JSON is no markup, as long as it says what it is. */
const isPage = ({ headers, raw }: Seen) =>
  raw !== undefined || !/json/.test(headers['content-type'] ?? '') || headers['x-content-type-options'] !== 'nosniff';

/** 502 and 503 with one of their codes; nothing is down, so our own store being silent is a fault as well. */
function isUnpromised({ status, body, raw }: Seen): boolean {
  if (raw !== undefined) return / 5\d\d /.test(raw.slice(0, 20)) && !/^HTTP\/1\.1 505/.test(raw);
  if (status < 500) return false;
  const code = /"code":"(\w+)"/.exec(body)?.[1];
  if (code === undefined) return status !== 502 && status !== 503;
  return (
    code === 'service_unavailable' || (isCode(code) ? outcomeCodes[code].status !== status : code !== 'clever_unread')
  );
}

function leaks({ secrets, personal }: Known, { asked }: Sent, whole: string, { headers }: Seen): string[] {
  const holes = JSON.stringify([asked.target, asked.headers, asked.body?.bytes.toString('latin1')]);
  const hasScope = /\{\{(product|support|admin|staff)\}\}/.test(holes);
  // A cookie that is set anew is the asker's own.
  const text = headers['set-cookie'] === undefined ? whole : whole.replace(JSON.stringify(headers['set-cookie']), '');
  const found = [...secrets()].find(([secret, name]) => text.includes(secret) && !isOwnForm(name, holes));
  if (found !== undefined) return [`a secret: ${found[1]}`];
  if (hasScope) return [];
  const isReported = [...personal].some(
    ([hole, facts]) => !holes.includes(`{{${hole}}}`) && facts.some((fact) => text.includes(fact)),
  );
  return isReported ? ['a person, to another person'] : [];
}

/** The token of a form belongs on the page of its own session only. */
const isOwnForm = (name: string, holes: string) =>
  (name === 'form' && holes.includes('{{session.victim}}')) || (name === 'staff.form' && holes.includes('{{staff}}'));

const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

function headerFaults(world: Known, { method }: Sent, { status, headers }: Seen): string[] {
  const found = Object.entries(always).flatMap(([name, value]) =>
    headers[name] === value ? [] : [`${name} is ${headers[name]}`],
  );
  const add = (isWrong: boolean, what: string) => void (isWrong && found.push(what));
  add(!headers['content-security-policy']?.includes("default-src 'none'"), 'no content security policy');
  add(headers['x-powered-by'] !== undefined || headers['server'] !== undefined, 'says what it runs on');
  add(
    Object.keys(headers).some((name) => name.startsWith('access-control-')),
    'answers to other origins',
  );
  const caching = headers['cache-control'] ?? '';
  const isPublic = /^public, max-age=\d+$/.test(caching) && status === 200 && headers['set-cookie'] === undefined;
  add(
    headers['content-type'] !== undefined &&
      caching !== 'no-store' &&
      caching !== 'private, max-age=2' &&
      !isPublic &&
      status !== 405 &&
      method !== 'OPTIONS',
    `may be kept: ${caching}`,
  );
  add(JSON.stringify(headers).length > maxAnswerHeaders, 'its headers are longer than a proxy takes');
  for (const cookie of headers['set-cookie'] ?? [])
    add(
      !/^(?:lang|summit_(session|sign_in_[\w-]{17}|refused_[\w-]{1,64}|browser|staff|staff_zone|staff_sign_in_[\w-]{17}))=[\w.~%-]*; .*Path=\/.*HttpOnly.*SameSite=Lax$/.test(
        cookie,
      ),
      `a cookie: ${cookie.slice(0, 40)}`,
    );
  found.push(...locationFaults(world, headers.location, status));
  for (const [name, value] of Object.entries(headers))
    add(name !== 'location' && String(value).includes(mark), `${name} says what we sent`);
  return found;
}

/** Searches lead to lists with filters that say nothing of a person; no other address of ours takes a query. */
const filtered = /^\/support\/(?:attempts|trail)\?(?:(?:district|code|from|to|action|by|day)=[\w.%:+-]*(?:&|$))+$/;
/** Or back to the page of what was done, which is said by a word of ours. */
const done = /^\/admin[\w/-]*\?done=[a-z_-]+$/;

/** Redirects lead to a path of ours, to Clever, to the staff's provider or to the product, never where we said. */
function locationFaults({ redirects }: Known, location: string | undefined, status: number): string[] {
  if (status === 308) return /^\/[\w.%~-]/.test(location ?? '') ? [] : ['308 leads elsewhere'];
  if (
    location === undefined ||
    /^\/(?![/\\])[\w/.-]*$/.test(location) ||
    filtered.test(location) ||
    done.test(location)
  )
    return [];
  const url = URL.canParse(location) ? new URL(location) : undefined;
  const isOurs = url !== undefined && url.username === '' && redirects.includes(url.origin);
  return isOurs ? [] : [`leads to ${location.slice(0, 60)}`];
}

function documentFaults({ method, target }: Sent, { status, headers, body }: Seen): string[] {
  const path = target.split('?')[0] ?? '';
  // Slashes in a row are redirected before there is a route: locationFaults judges where to.
  if (status === 308) return path.includes('//') ? [] : ['308 of a path without slashes in a row'];
  // Answered by the parser or by the router itself, before there is a route.
  if (method === 'OPTIONS' && status === 200) return /^[A-Z, ]+$/.test(body) ? [] : ['OPTIONS says more than methods'];
  // A client with wrong credentials is limited before a route is matched.
  if (status === 429) return judgeLimited(headers, body);
  if (status === 400 && !isDecodable(path))
    return /problem\+json|html/.test(headers['content-type'] ?? '') ? [] : ['400 of another type'];
  try {
    expectOpenApi(method, asServerReads(path, method), { status, headers, body });
    return [];
  } catch (failure) {
    return [
      `not as in openapi.yaml: ${failure instanceof Error ? failure.message.replace(/^[A-Z-]+ \S* -> /, '') : 'unknown'}`.slice(
        0,
        200,
      ),
    ];
  }
}

const judgeLimited = (headers: Seen['headers'], body: string): string[] =>
  Number(headers['retry-after']) > 0 && !/"code":"(?!rate_limited)/.test(body) ? [] : ['429 without when to come back'];

/** URL would resolve what the server takes as it is, and the document knows the operator's routes as well. */
function asServerReads(target: string, method: string): string {
  // A fragment has no place in a target; the server cuts it off.
  const path = target.replace(/^https?:\/\/[^/]+|#.*$/g, '');
  if (!path.startsWith('/') || /\/\/|^\/(livez|readyz|metrics)\/?$/.test(path)) return '/no-such-path';
  // What is no search is an attempt of that name, which none has.
  if (path === '/support/attempts/search' && (method === 'GET' || method === 'HEAD')) return '/support/attempts/none';
  const steps = path.replace(/(.)\/$/, '$1').split('/');
  return steps.map((step) => (/^(\.|%2e){1,2}$|\\/i.test(step) ? 'dots' : step)).join('/');
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
