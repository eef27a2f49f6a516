// Staff sign-in with their own OpenID provider: who may sign in, and for how long. The provider is a port; a session is
// stored under a keyed hash of its secret, and its scope is looked up in the lists at every request.
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { sealed, sealedJson } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import { equalInConstantTime, type Vault } from '../store/vault.ts';

interface StaffChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface StaffIdentity {
  readonly kind: 'verified';
  readonly issuer: string;
  readonly subject: string;
  /** Only an address that the provider marks as verified. */
  readonly verifiedEmail: string | undefined;
}

export interface StaffRefused {
  readonly kind: 'refused';
  readonly reason: 'expired' | 'denied' | 'provider_failed' | 'other_issuer' | 'email_not_verified' | 'not_listed';
  /** Of `not_listed`: the verified address, shown to its owner. */
  readonly email?: string;
}

/** The staff's own OpenID provider. */
export interface StaffIdentityProvider {
  makeChecks(): StaffChecks;
  authorizationUrl(checks: StaffChecks): Promise<URL | StaffRefused>;
  /** Redeems the code once and performs the validation of OpenID Connect Core section 3.1.3.7. */
  exchange(checks: StaffChecks, callback: URLSearchParams): Promise<StaffIdentity | StaffRefused>;
}

export interface StaffLists {
  /** Addresses, or `@domain`. */
  readonly support: readonly string[];
  readonly admin: readonly string[];
}

export interface StaffSession {
  readonly email: string;
  readonly scope: 'support' | 'admin';
  /** Keyed hashes of the provider's subject and of the address: two users who share one count as the same person. */
  readonly identities: readonly string[];
  /** Part of every form on this session's pages. */
  readonly formToken: string;
}

export interface StaffSignIn {
  begin(
    returnTo: string,
  ): Promise<
    { readonly kind: 'begun'; readonly url: URL; readonly attempt: string; readonly sealed: string } | StaffRefused
  >;
  complete(
    sealed: string | undefined,
    callback: URLSearchParams,
  ): Promise<
    | { readonly kind: 'signed-in'; readonly token: string; readonly email: string; readonly returnTo: string }
    | StaffRefused
  >;
  /**
   * Undefined if the hour has passed, the session was ended, the provider has changed, or the lists no longer contain
   * the user.
   */
  find(token: string | undefined): Promise<StaffSession | undefined>;
  end(token: string | undefined): Promise<void>;
}

interface StaffSignInNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly provider: StaffIdentityProvider;
  readonly issuer: string;
  /** Read at every request. */
  readonly lists: () => StaffLists;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export const staffSessionSeconds = 3600;
export const staffSignInSeconds = 600;

const sessionShape = z.object({ issuer: z.string(), subject: z.string(), email: z.string(), expiresAt: z.number() });

const begunShape = z.object({
  checks: z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string() }),
  returnTo: z.string(),
  expiresAt: z.number(),
});

const sealAt: Address = { partition: 'staff', id: 'sign-in-cookie' };

export function createStaffSignIn({ store, vault, provider, issuer, lists, clock }: StaffSignInNeeds): StaffSignIn {
  // Long because of the steps of one sign-in over the same ports; each is short.
  const sessions = sealed(store, vault, sessionShape);
  const begins = sealedJson(vault, begunShape);
  const openBegun = (cookie: string | undefined) =>
    cookie === undefined || cookie.length > 4096 ? undefined : begins.tryOpen(sealAt, Buffer.from(cookie, 'base64url'));
  const addressOf = (token: string): Address => ({
    partition: 'staff',
    id: `session.${vault.blind('staff-session', token)}`,
  });

  return {
    async begin(returnTo) {
      const made = provider.makeChecks();
      const attempt = `${clock().toString(36).padStart(9, '0')}${randomBytes(6).toString('base64url')}`;
      const checks = { ...made, state: `${attempt}.${made.state}` };
      const url = await provider.authorizationUrl(checks);
      if ('kind' in url) return url;
      const expiresAt = clock() + staffSignInSeconds * 1000;
      const sealed = begins.seal(sealAt, { checks, returnTo, expiresAt }).toString('base64url');
      return { kind: 'begun', url, attempt, sealed };
    },

    async complete(cookie, callback) {
      const begun = openBegun(cookie);
      if (begun === undefined || begun.expiresAt < clock()) return refuse('expired');
      // Login CSRF: before anything is redeemed, the callback must belong to the sign-in that this browser began.
      if (!equalInConstantTime(callback.get('state') ?? '', begun.checks.state)) return refuse('expired');
      if (callback.has('error')) return refuse('denied');
      const identity = await provider.exchange(begun.checks, callback);
      if (identity.kind === 'refused') return identity;
      const { verifiedEmail, subject } = identity;
      if (!isSameIssuer(identity.issuer, issuer)) return refuse('other_issuer');
      if (verifiedEmail === undefined) return refuse('email_not_verified');
      if (scopeOf(verifiedEmail, lists()) === undefined)
        return { kind: 'refused', reason: 'not_listed', email: verifiedEmail };
      const token = randomBytes(32).toString('base64url');
      const at = addressOf(token);
      const expiresAt = clock() + staffSessionSeconds * 1000;
      const value = sessions.seal(at, { issuer, subject, email: verifiedEmail, expiresAt });
      await store.put(at, value, { ttlSeconds: staffSessionSeconds });
      return { kind: 'signed-in', token, email: verifiedEmail, returnTo: begun.returnTo };
    },

    async find(token) {
      if (token === undefined || !/^[\w-]{43}$/.test(token)) return undefined;
      const at = addressOf(token);
      const kept = await sessions.read(at);
      if (kept === undefined || kept.issuer !== issuer || kept.expiresAt <= clock()) return undefined;
      const scope = scopeOf(kept.email, lists());
      const { subject, email } = kept;
      const identities = [
        vault.blind('staff-subject', issuer, subject),
        vault.blind('staff-address', email.toLowerCase()),
      ];
      return scope && { email, scope, identities, formToken: vault.blind('staff-form', token) };
    },

    async end(token) {
      if (token !== undefined && /^[\w-]{43}$/.test(token)) await store.remove(addressOf(token));
    },
  };
}

/** Names the cookie of a pending sign-in; sorts by time. */
export const isStaffAttempt = (text: string): boolean => /^[0-9a-z]{9}[\w-]{8}$/.test(text);

/** The attempt of a state, by its form only: the attempt's cookie is the proof. */
export function readStaffAttempt(state: string | null): string | undefined {
  const [attempt = ''] = (state ?? '').split('.');
  return isStaffAttempt(attempt) ? attempt : undefined;
}

const refuse = (reason: StaffRefused['reason']): StaffRefused => ({ kind: 'refused', reason });

/** The provider's metadata decide on a trailing slash; the setting is accepted with or without it. */
const isSameIssuer = (one: string, other: string): boolean => one.replace(/\/$/, '') === other.replace(/\/$/, '');

/**
 * Whether a form was made for this session. In constant time.
 * @param given the form's value, of any type
 */
export const isFormOf = ({ formToken }: StaffSession, given: unknown): boolean =>
  typeof given === 'string' && equalInConstantTime(given, formToken);

/**
 * The scope that the lists give to an address; admin includes support. ASCII only: other alphabets have letters whose
 * lower case is Latin (U+212A, the Kelvin sign, becomes k), which would turn an address into another person's.
 */
function scopeOf(email: string, { support, admin }: StaffLists): 'support' | 'admin' | undefined {
  if (!/^[!-~]+$/.test(email)) return undefined;
  const address = email.toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 1 || at !== address.indexOf('@')) return undefined;
  const isOn = (list: readonly string[]) =>
    list.some((entry) => {
      const wanted = entry.toLowerCase();
      return wanted.startsWith('@') ? wanted.length > 1 && address.slice(at) === wanted : address === wanted;
    });
  if (isOn(admin)) return 'admin';
  return isOn(support) ? 'support' : undefined;
}
