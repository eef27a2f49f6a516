// Follows the `next` links of a list to its end. Trusts no link: it may lead in a circle, or to a host that must not
// receive the district's token.
import { DataApiFailure } from '../secure-sync/ports.ts';
import type { Page } from './data-api-shapes.ts';

/** Ten times a million records at a thousand per page. */
const mostPages = 10_000;

/**
 * The items of every page, one page in memory at a time. A page may be empty and still have a `next` (dev.clever.com,
 * pagination); the list ends at the first page without `next`.
 * @throws DataApiFailure `next-elsewhere`, `next-loop`, and errors of reading a page
 */
export async function* readPages<Item>(first: URL, read: (url: URL) => Promise<Page<Item>>): AsyncGenerator<Item> {
  const seen = new Set<string>();
  let url: URL | undefined = first;
  while (url !== undefined) {
    if (seen.has(url.href) || seen.size === mostPages) throw new DataApiFailure('next-loop');
    seen.add(url.href);
    const page: Page<Item> = await read(url);
    yield* page.items;
    const next: URL | undefined = page.next === undefined ? undefined : follow(url, page.next);
    // Beyond the last record Clever may return the same empty page again.
    url = page.items.length === 0 && next?.href === url.href ? undefined : next;
  }
}

function follow(from: URL, link: string): URL {
  const next = URL.canParse(link, from) ? new URL(link, from) : undefined;
  if (next?.origin !== from.origin) throw new DataApiFailure('next-elsewhere');
  return next;
}
