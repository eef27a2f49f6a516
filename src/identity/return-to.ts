// Where a person may be sent after a sign-in: never a place that only the query names.

/**
 * It travels in the attempt's cookie, sealed, and back in `Location`: common proxies take no more than 4,096 bytes of an
 * answer's headers, and http/kit/cookies.ts keeps a request's cookies below that.
 */
const longest = 1024;

/**
 * @param wanted an absolute address of an allowed origin, or a path of the product; anything else counts as not given
 * @param product where people land by default
 * @param origins allowed origins
 */
export function readReturnTo(wanted: string | undefined, product: URL, origins: readonly string[]): string {
  // Browsers drop tabs and line breaks and read \ as /, so an address with any of them is not what it seems.
  if (wanted === undefined || /[\p{Cc}\\]/u.test(wanted) || wanted.startsWith('//')) return product.href;
  if (!URL.canParse(wanted, product.href)) return product.href;
  const url = new URL(wanted, product.href);
  const isOwnPath = wanted.startsWith('/') && url.origin === product.origin;
  const isAllowed = /^https?:\/\//i.test(wanted) && origins.includes(url.origin) && !url.username && !url.password;
  return (isOwnPath || isAllowed) && url.href.length <= longest ? url.href : product.href;
}
