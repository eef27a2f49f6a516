// Rate limits that admit a whole school's morning but no flood. Keyed on what identifies the client best, before the
// address that a school shares. limits/limiter.ts has the rules and counts.
import { parse } from 'cookie';
import type { Request, RequestHandler, Response } from 'express';
import ipaddr from 'ipaddr.js';
import type { Limiter, Verdict } from '../../limits/limiter.ts';
import { isCredentialKnown, readBasic } from './authenticate.ts';
import type { Cookies } from './cookies.ts';
import { sendRefusal } from './send-refusal.ts';

interface LimitsNeeds {
  readonly limiter: Pick<Limiter, 'count' | 'peek'>;
  /** A keyed hash, to store credentials. */
  readonly blind: (text: string) => string;
  /** Paths that begin or end a sign-in. */
  readonly signInPaths: readonly string[];
  readonly cookies: Pick<Cookies, 'browser' | 'sessions'>;
  /** Name of the cookie of a staff session. */
  readonly staffCookie: string;
  /** Called for each refused request that begins or ends a sign-in. */
  readonly onLimited: () => void;
  /** A trusted proxy gave something that is no address. */
  readonly onUnreadableAddress: () => void;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
}

/** Accepts a client's secret in a header or in the form, and responds 401 to a wrong one. */
const tokenPath = '/oidc/token';
/** These accept tokens that expire, so refusals are normal. */
const tokenTakers = ['/session', '/oidc/userinfo'];
const staffPaths = ['/support/login', '/support/callback'];
/** A recently valid credential is not blocked by guesses of others from the same address, such as a proxy's. */
const goodMs = 600_000;
const maxGood = 10_000;

export function createLimits(needs: LimitsNeeds): RequestHandler {
  const { limiter, signInPaths } = needs;
  const credentialOf = (request: Request) => request.get('authorization') ?? cookieOf(request, needs.staffCookie);
  const credential = createCredentialLimit(needs);

  async function judge(request: Request, response: Response): Promise<Verdict> {
    const path = routeOf(request.path);
    const address = addressKeyOf(request, needs.onUnreadableAddress);
    if (signInPaths.includes(path)) {
      const browser = needs.cookies.browser(request);
      // In this order: the excess of one browser is not counted against its school.
      return (
        (browser === undefined ? undefined : await limiter.count('browser', browser)) ??
        (await limiter.count('address', address))
      );
    }
    if (staffPaths.includes(path)) return limiter.count('staff', address);
    const isSupport = /^\/(support|admin)(\/|$)/.test(path);
    if (/^\/district(\/|$)/.test(path)) return limiter.count('support', needs.cookies.sessions(request)[0] ?? address);
    if (path === tokenPath && request.get('authorization') === undefined) return credential.ofForm(response, address);
    const given = tokenTakers.includes(path)
      ? undefined
      : isSupport
        ? credentialOf(request)
        : request.get('authorization');
    const refused = given === undefined ? undefined : await credential.ofHeader(given, response, address);
    return refused === undefined && isSupport ? judgeSupport(request, response, path, address) : refused;
  }

  async function judgeSupport(request: Request, response: Response, path: string, address: string): Promise<Verdict> {
    const visitor = credentialOf(request) ?? address;
    if (!path.startsWith('/support/attempts/')) return limiter.count('support', visitor);
    response.once('finish', () => {
      if (response.statusCode === 404) void limiter.count('reference', visitor);
    });
    return (await limiter.count('support', visitor)) ?? limiter.peek('reference', visitor);
  }

  return async (request, response, next) => {
    const retryAfterSeconds = await judge(request, response);
    if (retryAfterSeconds === undefined) return next();
    if (signInPaths.includes(routeOf(request.path))) needs.onLimited();
    return sendRefusal(
      request,
      response,
      { kind: 'refused', code: 'rate_limited', audience: 'unknown' },
      { retryAfterSeconds },
    );
  };
}

/**
 * For requests with a program's header or a staff session: only refused ones count. A product with a thousand requests
 * a second is not limited.
 */
function createCredentialLimit({ limiter, blind, clock = () => performance.now() }: LimitsNeeds) {
  const good = new Map<string, number>();

  function remember(key: string): void {
    if (good.size >= maxGood) good.clear();
    good.set(key, clock() + goodMs);
  }

  async function ofHeader(given: string, response: Response, address: string): Promise<Verdict> {
    const key = blind(given);
    const id = readBasic(given)?.id;
    response.once('finish', () => {
      if (isCredentialKnown(response) || isTokenGiven(response)) return remember(key);
      if (response.statusCode !== 401) return undefined;
      good.delete(key);
      void limiter.count('credential_address', address);
      // Logged only: otherwise a client that knows an id could block its owner on a newly started server, and 256
      // random bits need no protection from distributed guessing.
      if (id !== undefined) void limiter.count('credential_id', id);
      return undefined;
    });
    if ((good.get(key) ?? Number.NEGATIVE_INFINITY) > clock()) return undefined;
    return limiter.peek('credential_address', address);
  }

  return {
    ofHeader,
    /** Its secret is not read here: guesses of others from the same address count for all. */
    ofForm(response: Response, address: string): Promise<Verdict> {
      response.once('finish', () => {
        if (response.statusCode === 401) void limiter.count('credential_address', address);
      });
      return limiter.peek('credential_address', address);
    },
  };
}

const isTokenGiven = (response: Response): boolean => response.req.path === tokenPath && response.statusCode === 200;

const cookieOf = (request: Request, name: string): string | undefined =>
  parse(request.headers.cookie ?? '', { decode: (text) => text })[name];

/** Routers match /LOGIN and /login/ as /login too. Without a backtracking expression: any client chooses the path. */
function routeOf(path: string): string {
  return (path.endsWith('/') ? path.slice(0, -1) : path).toLowerCase();
}

/**
 * The rate limit key of an IP address: IPv4 unchanged, IPv6 as its /64, which one household or machine has to itself.
 * The address is the one that a trusted proxy gives, with or without brackets and a
 * port (RFC 7239 section 6). If the proxy gives something else (`unknown`, `_hidden`), the proxy's own address is used,
 * so that its visitors share a limit with no other proxy's.
 * @param onUnreadable called if a proxy gave something that is no address
 */
export function addressKeyOf({ ip, socket }: ComesFrom, onUnreadable: () => void): string {
  const named = toKey(ip);
  if (named !== undefined) return named;
  if (ip !== undefined) onUnreadable();
  return toKey(socket.remoteAddress) ?? 'unknown';
}

/** The origin of a request: the request itself, or what was read of it before its client disconnected. */
export interface ComesFrom {
  readonly ip?: string | undefined;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** An IPv4 address written as IPv6 (RFC 4291 section 2.5.5.2) is the IPv4 address. */
function toKey(text: string | undefined): string | undefined {
  const plain = withoutPort(text ?? '');
  if (!ipaddr.isValid(plain)) return undefined;
  const address = ipaddr.process(plain);
  if (address.kind() === 'ipv4') return address.toString();
  return address.toByteArray().slice(0, 8).join('.');
}

/** `192.0.2.1:5001`, `[2001:db8::1]:5001` and `[2001:db8::1]`, each also in quotes. */
function withoutPort(text: string): string {
  const bare = text.replace(/^"([^"]{0,64})"$/, '$1');
  return /^\[([^\]]{1,64})\](?::\d{1,5})?$/.exec(bare)?.[1] ?? /^([\d.]{7,15}):\d{1,5}$/.exec(bare)?.[1] ?? bare;
}
