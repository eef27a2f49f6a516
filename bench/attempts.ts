// Fills a store with failed sign-ins over 90 days and counts the store reads of each kind of search's first page.
// `node dist/bench/attempts.js [COUNT] [STORE_URL]`; without a store a temporary folder. Prints one line for each kind.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { readStoreUrl } from '../src/store/store-url.ts';
import { openVault } from '../src/store/vault.ts';
import { type AttemptFilter, createAttemptLog } from '../src/support/attempt-log.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-attempts-'));
const url = readStoreUrl(process.argv[3] ?? `embedded:${join(folder, 'store')}`);
if (url.kind === 'invalid') throw new Error(url.reason);

const retentionSeconds = 90 * 86_400;
const now = Date.now();
const store = await openStore(url);
try {
  let reads = 0;
  const counting: Store = Object.assign(Object.create(store), {
    get: (...given: Parameters<Store['get']>) => {
      reads += 1;
      return store.get(...given);
    },
    page: (...given: Parameters<Store['page']>) => {
      reads += 1;
      return store.page(...given);
    },
  });
  const vault = await openVault(store, [{ id: 'bench', key: Buffer.alloc(32, 7) }]);
  const log = createAttemptLog(counting, vault, { retentionSeconds });
  let last = '';
  const began = performance.now();
  const batch = 200;
  for (let from = 0; from < count; from += batch) {
    const kept = await Promise.all(
      Array.from({ length: Math.min(batch, count - from) }, (_, index) => log.record(attemptAt(from + index))),
    );
    last = kept.at(-1)?.reference ?? last;
  }
  const filledIn = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`${JSON.stringify({ engine: url.kind, attempts: count, filled_in_s: filledIn })}\n`);
  const searches: Readonly<Record<string, AttemptFilter>> = {
    all: {},
    district: { district: 'd7' },
    code: { code: 'not_rostered' },
    'district and code': { district: 'd7', code: 'ambiguous' },
    'time, one hour 45 days ago': { from: now - 45 * 86_400_000, to: now - 45 * 86_400_000 + 3_600_000 },
    'email, one person': { email: 'person.77@school.example' },
    'email, nobody': { email: 'nobody@school.example' },
    'Clever id': { cleverId: 'clever-77' },
    'account, nobody': { account: 'none' },
  };
  for (const [kind, filter] of Object.entries(searches))
    await measure(kind, async () => (await log.search(filter)).attempts.length);
  await measure('reference', async () => ((await log.find(last)) === undefined ? 0 : 1));

  async function measure(kind: string, search: () => Promise<number>): Promise<void> {
    reads = 0;
    const start = performance.now();
    const found = await search();
    const ms = Math.round(performance.now() - start);
    process.stdout.write(`${JSON.stringify({ kind, found, store_reads: reads, ms })}\n`);
  }
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

function attemptAt(index: number) {
  const person = index % 20_000;
  const codes = ['email_mismatch', 'not_rostered', 'ambiguous', 'account_inactive'] as const;
  return {
    // The oldest first, as attempts come.
    at: now - retentionSeconds * 1000 + 3_600_000 + Math.floor((index / count) * (retentionSeconds * 1000 - 3_600_000)),
    code: codes[index % codes.length] ?? 'ambiguous',
    app: 'summit-k12',
    district: `d${person % 200}`,
    clever: { clever_id: `clever-${person}`, email: `person.${person}@school.example`, user_type: 'student' },
  } as const;
}
