// Follows the `next` links of a list to its end. Trusts no link: it may lead in a circle, or to a host that must not
// receive the district's token.
import { DataApiFailure } from '../secure-sync/ports.ts';
import type { Page } from './data-api-shapes.ts';

/** Ten times a million records at a thousand per page. */
const mostPages = 10_000;

/**
 * The items of every page. The next page is requested while the items of the one before are being used, so at most two pages are
 * in memory. A page may be empty and still have a `next` (dev.clever.com, pagination); the list ends at the first page
 * without `next`.
 * @throws DataApiFailure `next-elsewhere`, `next-loop`, and errors of reading a page
 */
export async function* readPages<Item>(first: URL, read: (url: URL) => Promise<Page<Item>>): AsyncGenerator<Item> {
  const seen = new Set<string>();
  function request(url: URL): Promise<Page<Item>> {
    if (seen.has(url.href) || seen.size === mostPages) throw new DataApiFailure('next-loop');
    seen.add(url.href);
    const page = read(url);
    // A failure is thrown when the page is needed, and not at all if it is not needed any more.
    page.catch(() => undefined);
    return page;
  }
  let url = first;
  let ahead: Promise<Page<Item>> | undefined = request(url);
  while (ahead !== undefined) {
    const page: Page<Item> = await ahead;
    ahead = undefined;
    const next: URL | undefined = page.next === undefined ? undefined : follow(url, page.next);
    // Beyond the last record Clever may return the same empty page again.
    const isEnd = next === undefined || (page.items.length === 0 && next.href === url.href);
    const requestNext = () => (isEnd ? undefined : request(next));
    for (const item of page.items) {
      yield item;
      // Not earlier: a caller that needs only the first item costs Clever one page.
      ahead ??= requestNext();
    }
    ahead ??= requestNext();
    url = next ?? url;
  }
}

function follow(from: URL, link: string): URL {
  const next = URL.canParse(link, from) ? new URL(link, from) : undefined;
  if (next?.origin !== from.origin) throw new DataApiFailure('next-elsewhere');
  return next;
}
