// The authorization request to which a browser returns from Clever. It travels in the sealed cookie of the pending
// sign-in, so an unauthenticated request uses no space in the store.
import type { KoaContextWithOIDC } from 'oidc-provider';

/** Keeps the cookie of the sign-in below the limit of http/kit/cookies.ts. Bytes of path and query. */
export const longestReturnRequest = 1_600;

/** Without effect after the sign-in. */
const usedUp = ['prompt', 'max_age', 'login_hint', 'ui_locales'];

/** oidc-provider requires a sign-in. */
export const isInteraction = (ctx: KoaContextWithOIDC): boolean => ctx.oidc?.entities.Interaction !== undefined;

/**
 * The same request with `prompt=none`: if the sign-in does not satisfy it, the client gets an error and no second
 * sign-in follows. Undefined if it would be too long.
 */
export function readReturnRequest({ oidc }: KoaContextWithOIDC): string | undefined {
  const given = Object.entries(oidc.params ?? {}).filter(([name]) => !usedUp.includes(name));
  const texts = given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const returnTo = `/oidc/authorize?${new URLSearchParams([...texts, ['prompt', 'none']])}`;
  return returnTo.length > longestReturnRequest ? undefined : returnTo;
}
