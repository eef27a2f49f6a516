// The authorization request to which a browser comes back from Clever. It travels in the sealed cookie of the open sign-in,
// so a stranger's request takes no room in the store.
import type { KoaContextWithOIDC } from 'oidc-provider';

/** With it the cookie of the sign-in stays below the bound of http/kit/cookies.ts. Bytes of path and query. */
export const longestReturnRequest = 1_600;

/** Of no use once the person has signed in. */
const usedUp = ['prompt', 'max_age', 'login_hint', 'ui_locales'];

/** oidc-provider asks for a sign-in. */
export const isInteraction = (ctx: KoaContextWithOIDC): boolean => ctx.oidc?.entities.Interaction !== undefined;

/**
 * The same request with `prompt=none`: a sign-in that did not bring who was asked for is an error to the client, never
 * another round. Undefined where it would be too long.
 */
export function readReturnRequest({ oidc }: KoaContextWithOIDC): string | undefined {
  const given = Object.entries(oidc.params ?? {}).filter(([name]) => !usedUp.includes(name));
  const texts = given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const returnTo = `/oidc/authorize?${new URLSearchParams([...texts, ['prompt', 'none']])}`;
  return returnTo.length > longestReturnRequest ? undefined : returnTo;
}
