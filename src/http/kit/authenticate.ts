// Authentication on routes for programs: HTTP Basic (RFC 7617) for the main product, bearer (RFC 6750) for support and
// administration. Responds 401 and 403 with their challenges; session/credentials.ts checks the secret.
import type { Request, RequestHandler, Response } from 'express';
import type { Actor } from '../../audit/audit-log.ts';
import { type Credential, type Credentials, identitiesOf, type Scope } from '../../session/credentials.ts';
import type { AccessRefused, OnAccessRefused } from './access-refused.ts';
import { sendApiProblem } from './api-problem.ts';
import { markCredentialKnown } from './known-credential.ts';
import { sendOAuthError } from './oauth-error.ts';
import { readBasic } from './read-basic.ts';
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
