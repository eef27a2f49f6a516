// Authentication on routes for programs: HTTP Basic (RFC 7617) for the main product, bearer (RFC 6750) for support and
// administration. Responds 401 and 403 with their challenges; session/credentials.ts checks the secret.
import type { Request, RequestHandler, Response } from 'express';
import type { Actor } from '../../audit/audit-log.ts';
import { type Credential, type Credentials, identitiesOf, type Scope } from '../../session/credentials.ts';
import type { StaffRefused } from '../../staff/staff-sign-in.ts';
import { sendApiProblem, sendOAuthError } from './api-response.ts';
import { inRequestOf } from './request-context.ts';

/** The authenticated caller: a credential, or a member of staff by address. */
export interface Caller extends Pick<Credential, 'id' | 'scope'> {
  readonly isStaff?: true;
  readonly identities: readonly string[];
}

/** On a route that requires scope admin. */
export const actorOf = ({ id, identities }: Caller): Actor => ({ by: id, scope: 'admin', identities });

export type AuthenticatedHandler = (request: Request, response: Response, caller: Caller) => unknown;

/** Wraps a handler so that it runs for authorized callers only. */
export type Guard = (handler: AuthenticatedHandler) => RequestHandler;

export interface Guards {
  /** The main product: HTTP Basic `id:secret`. */
  readonly product: Guard;
  /** The main product at an OAuth endpoint: errors are those of RFC 6749 section 5.2. */
  readonly oauthClient: Guard;
  /** Bearer, scope `support`; scope `admin` includes it. */
  readonly support: Guard;
  /** Bearer, scope `admin`. */
  readonly admin: Guard;
  /** For a credential that may use a part of the route only. */
  refuseScope(response: Response, needs: Scope, caller: Caller): void;
}

const realm = 'sso-bridge';
const basicChallenge = `Basic realm="${realm}", charset="UTF-8"`;

interface Kind {
  readonly scheme: 'Basic' | 'Bearer';
  /** The scope that the route requires. */
  readonly needs: Scope;
  readonly grantedTo: readonly Scope[];
  readonly isOAuth?: true;
}

export function createGuards(
  credentials: Pick<Credentials, 'find'>,
  onRefused: OnAccessRefused = () => undefined,
): Guards {
  const report = (kind: Kind, reason: AccessRefused['reason'], credential?: Credential) =>
    onRefused({ who: 'program', reason, needs: kind.needs, ...(credential && { credential: credential.id }) });

  const guard =
    (kind: Kind): Guard =>
    (handler) =>
    async (request, response) => {
      response.vary('Authorization');
      const header = request.get('authorization');
      const given = kind.scheme === 'Basic' ? readBasic(header) : readBearer(header);
      const credential = given && (await credentials.find(given.secret, given.id));
      if (credential === undefined) {
        inRequestOf(response, () => report(kind, header === undefined ? 'no_credential' : 'unknown_credential'));
        return refuseUnknown(response, kind, header !== undefined);
      }
      markCredentialKnown(response);
      if (!kind.grantedTo.includes(credential.scope)) {
        inRequestOf(response, () => report(kind, 'scope', credential));
        return refuseKind(response, kind);
      }
      await handler(request, response, { ...credential, identities: identitiesOf(credential) });
    };
  return {
    product: guard({ scheme: 'Basic', needs: 'product', grantedTo: ['product'] }),
    oauthClient: guard({ scheme: 'Basic', needs: 'product', grantedTo: ['product'], isOAuth: true }),
    support: guard({ scheme: 'Bearer', needs: 'support', grantedTo: ['support', 'admin'] }),
    admin: guard({ scheme: 'Bearer', needs: 'admin', grantedTo: ['admin'] }),
    refuseScope(response, needs, { id, isStaff }) {
      onRefused({ who: isStaff ? 'staff' : 'program', reason: 'scope', needs, ...(isStaff ? {} : { credential: id }) });
      refuseScope(response, needs);
    },
  };
}

/** RFC 6750 section 2.1. Tokens in a query or a body are not read: they would get into logs. */
function readBearer(header: string | undefined): { readonly secret: string; readonly id?: string } | undefined {
  const secret = /^Bearer +([\w.~+/-]{1,1024}=*) *$/i.exec(header ?? '')?.[1];
  return secret === undefined ? undefined : { secret };
}

/** RFC 6750 section 3.1: the response to a request without a credential contains only the challenge. */
function refuseUnknown(response: Response, { scheme, isOAuth }: Kind, broughtOne: boolean): void {
  const bearer = `Bearer realm="${realm}"${broughtOne ? ', error="invalid_token"' : ''}`;
  response.set('WWW-Authenticate', scheme === 'Basic' ? basicChallenge : bearer);
  if (isOAuth) sendOAuthError(response, 401, 'invalid_client');
  else
    sendApiProblem(
      response,
      'unauthorized',
      scheme === 'Basic'
        ? 'Send the id and secret of a credential of scope product with HTTP Basic.'
        : 'Send the secret of a credential as a bearer token.',
    );
}

function refuseKind(response: Response, { scheme, needs, isOAuth }: Kind): void {
  if (scheme === 'Bearer') refuseScope(response, needs);
  else {
    response.set('WWW-Authenticate', basicChallenge);
    if (isOAuth) sendOAuthError(response, 403, 'unauthorized_client');
    else sendScopeProblem(response, needs);
  }
}

function refuseScope(response: Response, needs: Scope): void {
  response.set('WWW-Authenticate', `Bearer realm="${realm}", error="insufficient_scope", scope="${needs}"`);
  sendScopeProblem(response, needs);
}

const sendScopeProblem = (response: Response, needs: Scope) =>
  sendApiProblem(response, 'insufficient_scope', `This needs a credential of scope ${needs}.`);

/**
 * The log fields of refused access: unknown credentials, credentials without the scope, and refused staff. Contains no
 * secret, no address, no name.
 */
export interface AccessRefused {
  readonly who: 'program' | 'staff';
  readonly reason: 'no_credential' | 'unknown_credential' | 'scope' | 'other_site' | StaffRefused['reason'];
  /** The required scope. */
  readonly needs?: Scope;
  /** Id of a valid credential without the scope. */
  readonly credential?: string;
}

export type OnAccessRefused = (refused: AccessRefused) => void;

/**
 * The request has a valid credential. Set by the guards, read by the limits: a status is no proof, because public
 * routes answer 200 to any secret.
 */
export function markCredentialKnown(response: Response): void {
  response.locals['credentialIsKnown'] = true;
}

export const isCredentialKnown = (response: Response): boolean => response.locals['credentialIsKnown'] === true;

interface BasicCredentials {
  readonly id: string;
  readonly secret: string;
}

/**
 * The only parser of HTTP Basic credentials (RFC 7617 section 2), so that guards and limits see the same ones.
 * @param header the value of `Authorization`, from any client
 */
export function readBasic(header: string | undefined): BasicCredentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/_-]{1,1024}={0,2}) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return id === undefined || secret === undefined ? undefined : decode({ id, secret });
}

/**
 * RFC 6749 section 2.3.1: OAuth clients form-encode both, some even `-` and `_`, which half of our secrets have.
 * Neither contains a `%`.
 */
function decode({ id, secret }: BasicCredentials): BasicCredentials | undefined {
  try {
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  } catch {
    return undefined;
  }
}
