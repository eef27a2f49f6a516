// Pages of a list: the next one is requested while the items of the one before are being used, and no further one.
import { readPages } from '../../src/clever/data-api.ts';
import { DataApiFailure } from '../../src/secure-sync/ports.ts';

const first = new URL('https://api.example/list?p=1');

/** Three pages of two items; the second one fails on request. */
function pages(fails = false) {
  const asked: number[] = [];
  const read = async (url: URL) => {
    const page = Number(url.searchParams.get('p'));
    asked.push(page);
    if (fails && page === 2) throw new DataApiFailure('status-5xx');
    return { items: [`${page}a`, `${page}b`], next: page < 3 ? `/list?p=${page + 1}` : undefined };
  };
  return { asked, items: readPages(first, read) };
}

it('requests one page ahead, from the second item of a page on', async () => {
  const { asked, items } = pages();
  const seen: (readonly [string, number])[] = [];
  for await (const item of items) seen.push([item, asked.length]);
  expect(seen).toEqual([
    ['1a', 1],
    ['1b', 2],
    ['2a', 2],
    ['2b', 3],
    ['3a', 3],
    ['3b', 3],
  ]);
});

it('requests a single page of a list that is left at its first item', async () => {
  const { asked, items } = pages();
  for await (const _item of items) break;
  expect(asked).toEqual([1]);
});

it('throws the failure of a page after the items of the one before', async () => {
  const { items } = pages(true);
  const seen: string[] = [];
  const reading = async () => {
    for await (const item of items) seen.push(item);
  };
  await expect(reading()).rejects.toMatchObject({ reason: 'status-5xx' });
  expect(seen).toEqual(['1a', '1b']);
});

it('does not throw the failure of a page that is not needed any more', async () => {
  const { asked, items } = pages(true);
  for await (const item of items) if (item === '1b') break;
  expect(asked).toEqual([1, 2]);
});
