// What follows the callback of Clever where a product signs people in through the bridge's OpenID provider: the browser comes
// back to the request that it began with, and the product redeems the code and asks who it is.
import { openServices } from '../../src/compose/commands.ts';
import { readCommandConfig } from '../../src/config/config.ts';
import type { Environment } from '../../src/config/gather-settings.ts';
import type { Player } from './play.ts';

const clientId = 'bench-product';
const redirectUri = 'https://product.example/callback';
/** RFC 7636 appendix B. */
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export const authorizePath = `/oidc/authorize?${new URLSearchParams({
  client_id: clientId,
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid profile',
  state: 'a-state',
  nonce: 'a-nonce',
  code_challenge: challenge,
  code_challenge_method: 'S256',
})}`;

/** Registers the product. Answers how it is known at the token endpoint: HTTP Basic. */
export async function registerProduct(environment: Environment): Promise<string> {
  const read = readCommandConfig({ SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d', ...environment }, []);
  if (read.kind === 'problems') throw new Error(read.problems.map(({ setting }) => setting).join(', '));
  const { sessions, storage } = await openServices(read.config);
  try {
    await sessions.clients.remove(clientId);
    const put = await sessions.clients.put(clientId, { redirectUris: [redirectUri], scopes: ['openid', 'profile'] });
    if (put.kind === 'refused') throw new Error(put.code);
    return `Basic ${Buffer.from(`${clientId}:${put.secret}`).toString('base64')}`;
  } finally {
    await storage.store.close();
  }
}

/** @param location where the callback led @throws Error if the product has no session in the end */
export async function redeem(
  player: Player,
  cookies: ReadonlyMap<string, string>,
  location: string,
  authorization: string,
): Promise<void> {
  const request = new URL(location);
  const back = await player.follow(request, cookies);
  const code = URL.canParse(back) ? new URL(back).searchParams.get('code') : null;
  if (code === null) throw new Error('no code came back');
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const tokens = await player.askJson(new URL('/oidc/token', request), { authorization }, form);
  const bearer = { authorization: `Bearer ${tokens['access_token']}` };
  const person = await player.askJson(new URL('/oidc/userinfo', request), bearer);
  if (typeof person['given_name'] !== 'string') throw new Error('userinfo did not say who it is');
}
