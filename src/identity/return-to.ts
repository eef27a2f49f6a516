// The address to which a browser is redirected after a sign-in. Prevents open redirects: the query alone cannot choose
// one.

/**
 * It travels in the attempt's sealed cookie and back in `Location`: common proxies accept at most 4,096 bytes of
 * response headers, and http/kit/cookies.ts keeps a request's cookies below that.
 */
const longest = 1024;

/**
 * @param wanted an absolute address of an allowed origin, or a path of the product; anything else is ignored
 * @param product the default
 * @param origins allowed origins
 */
export function readReturnTo(wanted: string | undefined, product: URL, origins: readonly string[]): string {
  // Browsers remove tabs and line breaks and read \ as /, so such an address would lead elsewhere than it appears to.
  if (wanted === undefined || /[\p{Cc}\\]/u.test(wanted) || wanted.startsWith('//')) return product.href;
  if (!URL.canParse(wanted, product.href)) return product.href;
  const url = new URL(wanted, product.href);
  const isOwnPath = wanted.startsWith('/') && url.origin === product.origin;
  const isAllowed = /^https?:\/\//i.test(wanted) && origins.includes(url.origin) && !url.username && !url.password;
  return (isOwnPath || isAllowed) && url.href.length <= longest ? url.href : product.href;
}
