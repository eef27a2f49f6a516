// A stand-in for the support staff's own OpenID provider: pick who you are and be signed in. On oidc-provider, in memory.
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { createMemoryAdapter } from '../clever/memory-adapter.ts';
import { type Certificate, close, openServer } from '../listen.ts';
import { type StaffPerson, staffPeople } from './staff-people.ts';

export interface StaffProviderOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** With it the stand-in speaks https. */
  readonly certificate?: Certificate | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly people?: readonly StaffPerson[];
}

export interface StaffProvider {
  /** Also the issuer. */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws Error when the port is taken */
export async function startStaffProvider(options: StaffProviderOptions): Promise<StaffProvider> {
  const people = options.people ?? staffPeople;
  const { server, url } = await openServer(options.port, options.certificate);
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider = createProvider(url, await exportJWK(privateKey), people, options);
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const path = new URL(request.url ?? '/', url);
    if (!path.pathname.startsWith('/choose/')) return void answer(request, response);
    const chosen = people.find(({ subject }) => subject === path.searchParams.get('subject'));
    if (chosen === undefined) {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(choosePage(people, path.pathname));
      return;
    }
    void provider.interactionFinished(request, response, { login: { accountId: chosen.subject } });
  });
  return { url, close: () => close(server) };
}

function createProvider(
  url: string,
  signingKey: JWK,
  people: readonly StaffPerson[],
  options: StaffProviderOptions,
): Provider {
  const { Prompt, Check } = interactionPolicy;
  return new Provider(url, {
    adapter: createMemoryAdapter(Date.now),
    cookies: { keys: [randomUUID()] },
    jwks: { keys: [signingKey] },
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        redirect_uris: [options.redirectUri],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, id) => {
      const person = people.find(({ subject }) => subject === id);
      return (
        person && {
          accountId: id,
          claims: () => ({ sub: id, email: person.email, email_verified: person.emailVerified }),
        }
      );
    },
    loadExistingGrant: grantWithoutAsking,
    // The stand-in's own memory finds nothing by a session's uid.
    expiresWithSession: () => false,
    interactions: {
      policy: [
        new Prompt(
          { name: 'login', requestable: true },
          // The user chooses again each time: this stand-in keeps no session.
          new Check('no_result', 'no user was chosen yet', (ctx) => ctx.oidc.result?.['login'] === undefined),
        ),
      ],
      url: (_, interaction) => `/choose/${interaction.uid}`,
    },
    ttl: { Session: 60, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    renderError: (ctx, out) => {
      ctx.type = 'text/plain';
      ctx.body = out.error;
    },
  });
}

async function grantWithoutAsking(ctx: KoaContextWithOIDC) {
  const { provider, client, account } = ctx.oidc;
  if (client === undefined || account === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  grant.addOIDCScope('openid email');
  await grant.save();
  return grant;
}

function choosePage(people: readonly StaffPerson[], path: string): string {
  const rows = people.map(({ subject, email }) => `<li><a href="${path}?subject=${subject}">${email}</a></li>`);
  return `<!DOCTYPE html><html lang="en"><title>Staff sign-in (a stand-in)</title><h1>Who are you?</h1><ul>${rows.join('')}</ul></html>`;
}
