// Where a person may be sent after a sign-in: never a place that only the query names.

/** It travels in the attempt's cookie, sealed; browsers drop a cookie of more than 4096 bytes (RFC 6265 section 6.1). */
const longest = 2048;

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
