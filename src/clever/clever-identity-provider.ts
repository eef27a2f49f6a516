// Clever behind the IdentityProvider port: the authorization code flow of OpenID Connect Core 1.0 for Summit's two
// apps. Leaves HTTP to clever-http.ts, keys to key-cache.ts, reasons of refusals to refusal.ts; decides nothing about
// users.

import { createHash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import * as z from 'zod';
import type { App } from '../outcome/outcome.ts';
import type { AuthorizationChecks, IdentityProvider } from '../sign-in/ports.ts';
import { takeRandom } from '../store/random.ts';
import { carry, keepContext, type Resume } from '../trace/request-context.ts';
import { type CleverEvent, type CleverHttp, createCleverHttp } from './clever-http.ts';
import type { OutgoingProxy } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { createDiscovery, isAllowedAddress, isPlainHttp, type Metadata } from './discovery.ts';
import { createKeyCache, type KeyCache } from './key-cache.ts';
import { CleverFailure, type CleverReason, type CleverRefusal, findFailure, refuse } from './refusal.ts';
import { clientBasic, readAccessToken, readIdToken } from './token-endpoint.ts';
import { verifySignature } from './verify-signature.ts';

const clockToleranceSeconds = 60;

interface CleverApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Exactly as registered at Clever, in the form of `new URL(…).href`, without query and fragment. */
  readonly redirectUri: string;
}

export interface CleverIdentityProviderOptions {
  /** `https://clever.com`; `http:` for loopback hosts only. */
  readonly issuer: string;
  readonly apps: Readonly<Record<App, CleverApp>>;
  readonly pkce: boolean;
  /** For a whole sign-in, and for each load of metadata or keys. Milliseconds. */
  readonly deadlineMs?: number;
  /** Maximum sockets to Clever. */
  readonly connections?: number;
  /** Milliseconds since the epoch; compared with the times of an id_token. */
  readonly clock?: () => number;
  /** Monotonic milliseconds, for ages and pauses: setting the clock back must not block Clever. */
  readonly steady?: () => number;
  readonly onEvent?: (event: CleverEvent) => void;
  readonly proxy?: OutgoingProxy | undefined;
}

export interface CleverIdentityProvider extends IdentityProvider {
  /** Lets calls in progress end, then closes all sockets. */
  close(): Promise<void>;
}

/** @throws TypeError for options that cannot work or would send a secret in the clear */
export function createCleverIdentityProvider(options: CleverIdentityProviderOptions): CleverIdentityProvider {
  checkOptions(options);
  const { issuer, apps, pkce, deadlineMs = 10_000, connections = 256, clock = Date.now, onEvent = () => {} } = options;
  const { steady = options.clock ?? (() => performance.now()) } = options;
  const http = createCleverHttp({ deadlineMs, connections, clock: steady, proxy: options.proxy, onEvent });
  const discovery = createDiscovery({ issuer, http, deadlineMs, clock: steady, onEvent });
  const keys = createKeyCache({ http, discovery, deadlineMs, clock: steady, onEvent });
  return {
    createChecks: (state) => ({
      state,
      nonce: makeSecret(),
      ...(pkce ? { codeVerifier: makeSecret() } : {}),
    }),
    authorizationUrl: (app, checks, districtId) =>
      refusalOr(async () => {
        const metadata = discovery.fresh() ?? (await carry(() => withDeadline(deadlineMs, discovery.get)));
        return writeRequest(metadata, apps[app], checks, districtId);
      }),
    exchange: (app, checks, callback) =>
      refusalOr(() => {
        const resume = keepContext();
        return withDeadline(deadlineMs, async (signal) => {
          const metadata = discovery.fresh() ?? (await resume(() => carry(() => discovery.get(signal))));
          return redeem({ app: apps[app], metadata, checks, callback, http, keys, signal, clock, resume });
        });
      }),
    health: http.health,
    close: http.close,
  };
}

function checkOptions({ issuer, apps }: CleverIdentityProviderOptions): void {
  if (!isAllowedAddress(issuer, true)) throw new TypeError('issuer must be https, or http on a loopback host');
  for (const [app, { clientId, clientSecret, redirectUri }] of Object.entries(apps)) {
    if (clientId === '' || clientSecret === '') throw new TypeError(`${app}: client id and secret must not be empty`);
    const { href, search, hash } = new URL(redirectUri);
    // The URL is sent to the token endpoint again; Clever compares it character for character.
    if (href !== redirectUri || search !== '' || hash !== '' || /[?#]/.test(redirectUri)) {
      throw new TypeError(`${app}: redirect address must be a normalised URL without query and fragment`);
    }
  }
}

/** OpenID Connect Core section 3.1.2.1. */
function writeRequest(
  { authorization_endpoint }: Metadata,
  app: CleverApp,
  { state, nonce, codeVerifier }: AuthorizationChecks,
  districtId: string | undefined,
): URL {
  const url = new URL(authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: 'openid profile email',
    state,
    nonce,
    // Clever then reports that the app is not shared with the user, instead of showing its own page.
    return_unshared: 'true',
    ...(districtId === undefined ? {} : { district_id: districtId }),
    ...(codeVerifier === undefined ? {} : { code_challenge: challengeOf(codeVerifier), code_challenge_method: 'S256' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url;
}

/** 256 random bits, as RFC 7636 section 4.1 recommends for a code verifier. */
const makeSecret = (): string => takeRandom(32).toString('base64url');

/** RFC 7636 section 4.2. oauth4webapi's own function does the same in another thread, at five times the cost. */
const challengeOf = (codeVerifier: string): string => createHash('sha256').update(codeVerifier).digest('base64url');

interface Redemption {
  readonly app: CleverApp;
  readonly metadata: Metadata;
  readonly checks: AuthorizationChecks;
  readonly callback: URLSearchParams;
  readonly http: CleverHttp;
  readonly keys: KeyCache;
  readonly signal: AbortSignal;
  readonly clock: () => number;
  readonly resume: Resume;
}

/** OpenID Connect Core section 3.1.3, RFC 7636, RFC 9207. */
async function redeem(redemption: Redemption) {
  const { app, metadata, checks, callback, clock } = redemption;
  const client = {
    client_id: app.clientId,
    [oauth.clockTolerance]: clockToleranceSeconds,
    [oauth.clockSkew]: Math.round((clock() - Date.now()) / 1000),
  };
  const wire = createWire(redemption);
  try {
    const parameters = oauth.validateAuthResponse(metadata, client, callback, checks.state);
    const response = await oauth.authorizationCodeGrantRequest(
      metadata,
      client,
      // Clever documents Basic; that client_secret_post works too is only inferred.
      (_server, _client, _body, headers) => headers.set('authorization', clientBasic(app.clientId, app.clientSecret)),
      parameters,
      app.redirectUri,
      checks.codeVerifier ?? oauth.nopkce,
      { [oauth.customFetch]: wire.fetch, [oauth.allowInsecureRequests]: isPlainHttp(metadata.issuer) },
    );
    const options = { expectedNonce: checks.nonce, requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(metadata, client, response, options);
    const claims: Readonly<Record<string, unknown>> = { ...oauth.getValidatedIdTokenClaims(tokens) };
    // Core 3.1.3.7 step 5; the library checks it only if there are several audiences.
    if (claims['azp'] !== undefined && claims['azp'] !== app.clientId) throw new CleverFailure('wrong-audience');
    if (!haveReadableIds(claims)) throw new CleverFailure('malformed-token');
    return { kind: 'verified', claims, ...wire.access() } as const;
  } catch (error) {
    const reason = findFailure(error)?.reason ?? wire.nameError(error);
    if (reason === undefined) throw error;
    return refuse(reason);
  }
}

/**
 * Core section 2: `sub` is an identifier; the library accepts an empty one. The district, if present, is one too: an
 * object or a text without a UTF-8 form is an error of Clever, not a district that is not connected.
 */
function haveReadableIds({ sub, district }: Readonly<Record<string, unknown>>): boolean {
  const isId = (value: unknown) => typeof value === 'string' && value.isWellFormed();
  return isId(sub) && sub !== '' && (district === undefined || district === null || isId(district));
}

/** The view of Clever that oauth4webapi gets during one sign-in. */
function createWire({ metadata, http, keys, signal, resume }: Redemption) {
  let idToken: string | undefined;
  let accessToken: string | undefined;

  const fetch = async (url: string, { headers, body }: oauth.CustomFetchOptions<'POST', URLSearchParams>) => {
    const request = { endpoint: 'token', url, method: 'POST', headers, body: String(body) } as const;
    const answer = await resume(() => http.call(request, signal));
    idToken = readIdToken(answer);
    accessToken = readAccessToken(answer);
    // oauth4webapi does not verify the signature of an id_token from the token endpoint.
    const signed = idToken;
    await resume(() => verifySignature(signed, metadata.id_token_signing_alg_values_supported, keys, signal));
    // The library never sees the access token. Clever does not document a token_type, which the library requires.
    return toResponse({ access_token: 'unused', token_type: 'bearer', id_token: idToken });
  };
  const nameError = (error: unknown): CleverReason | undefined =>
    idToken === undefined ? nameCallbackError(error) : nameVerificationError(error);

  const access = () => (accessToken === undefined ? {} : { accessToken });

  return { fetch, nameError, access };
}

const jsonHeaders = new Headers({ 'content-type': 'application/json' });

/**
 * Only the parts of a Response that oauth4webapi reads: a real one would write, read and parse a stream of JSON, and
 * create a response and headers for every sign-in.
 */
const toResponse = (body: object): Response =>
  Object.create(Response.prototype, {
    status: { value: 200 },
    headers: { value: jsonHeaders },
    bodyUsed: { value: false },
    json: { value: async () => body },
  });

async function refusalOr<T>(work: () => Promise<T>): Promise<T | CleverRefusal> {
  try {
    return await work();
  } catch (error) {
    const failure = findFailure(error);
    if (failure === undefined) throw error;
    return refuse(failure.reason);
  }
}

// The only place that reads the errors of oauth4webapi: their messages and causes quote tokens and claims, so only one
// word is passed on.
const factsSchema = z.looseObject({
  claim: z.string().optional(),
  claims: z.record(z.string(), z.unknown()).optional(),
});
type Facts = z.infer<typeof factsSchema>;

const reasonOfClaim: Readonly<Record<string, CleverReason>> = {
  iss: 'wrong-issuer',
  aud: 'wrong-audience',
  azp: 'wrong-audience',
  nonce: 'wrong-nonce',
  exp: 'expired',
  nbf: 'not-yet-valid',
};

/** Before the code was sent: state, `iss` (RFC 9207) or the parameters themselves. `undefined`: a programming error. */
function nameCallbackError(error: unknown): CleverReason | undefined {
  return isJudgement(error) || error instanceof oauth.AuthorizationResponseError ? 'bad-callback' : undefined;
}

/**
 * After the token endpoint gave an id_token that Clever signed. `undefined`: a programming error, which must not be
 * reported as an invalid token.
 */
function nameVerificationError(error: unknown): CleverReason | undefined {
  return isJudgement(error) ? nameFacts(error.code, factsSchema.safeParse(error.cause).data ?? {}) : undefined;
}

const isJudgement = (error: unknown): error is oauth.OperationProcessingError | oauth.UnsupportedOperationError =>
  error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError;

function nameFacts(code: string | undefined, facts: Facts): CleverReason {
  switch (code) {
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return reasonOfClaim[facts.claim ?? ''] ?? 'malformed-token';
    case 'OAUTH_INVALID_RESPONSE':
      return nameInvalid(facts);
    default:
      return 'malformed-token';
  }
}

function nameInvalid(facts: Facts): CleverReason {
  if (facts.claims !== undefined && facts.claims['nonce'] === undefined) return 'wrong-nonce';
  return 'malformed-token';
}
