// `npm run bench:pages`: the pages of support with a million failed sign-ins of 5,000 districts in the store: reads of the
// store and milliseconds of each page. Writes its section of docs/performance.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openStore } from '../src/store/open-store.ts';
import { readStoreUrl } from '../src/store/store-url.ts';
import { type SupportFixture, startSupport } from '../test/helpers/support.ts';
import { attemptAt } from './attempts/made-up.ts';
import { readBenchOptions } from './bench-options.ts';
import { countingReads } from './counting-reads.ts';
import { endOnSignals } from './pinned-process.ts';
import { measuredOn, table, writeSection } from './report-section.ts';
import { startRedis } from './start-redis.ts';

const options = readBenchOptions({
  script: 'bench:pages',
  about: 'The pages of support over a full store: reads and milliseconds of each.',
  counts: {
    attempts: { about: 'attempts kept before the pages are opened', usual: 1_000_000, most: 5_000_000 },
    districts: { about: 'districts of the attempts', usual: 5_000, most: 20_000 },
  },
  stores: ['embedded', 'redis'],
});
const [attempts, districts] = [options.count('attempts'), options.count('districts')];
const concurrency = 250;
const rounds = 5;
/** What a server remembers of a roster is older then. */
const pauseMs = 1_100;
const now = Date.now();

/** By what the reader wants: a path, or words for the search. */
const pages: Readonly<Record<string, string | { readonly q: string }>> = {
  home: '/support',
  incidents: '/support/incidents',
  'districts, by id': '/support/districts',
  'districts, by failures': '/support/districts?order=failures',
  'one district': '/support/districts/d7',
  'attempts: all': '/support/attempts',
  'attempts: a code': '/support/attempts?code=not_rostered',
  'attempts: a district': '/support/attempts?district=d7',
  'a row for each person: all': '/support/attempts?group=person',
  'a row for each person: a district': '/support/attempts?district=d7&group=person',
  'search: today': { q: 'today' },
  'search: an address': { q: 'person.77@school.example' },
  'search: an address that none has': { q: 'nobody@school.example' },
  'search: a name in a district': { q: 'd7 Given Family 7' },
};

interface Opened {
  readonly reads: number;
  readonly ms: number;
}

endOnSignals();
const results: [engine: string, opened: ReadonlyMap<string, Opened>][] = [];
for (const engine of options.stores) results.push([engine, await measureEngine(engine)]);
const text = `## Pages of support over a full store

\`${options.command}\` on ${measuredOn()}: ${attempts.toLocaleString('en')} failed sign-ins of ${districts.toLocaleString('en')} districts
over 90 days. Reads that a page sends to the store, and milliseconds until it is read; medians of ${rounds}, after one that is not counted.

${table(
  ['page', ...results.flatMap(([engine]) => [`${engine}: store reads`, 'ms'])],
  Object.keys(pages).map((name) => [
    name,
    ...results.flatMap(([, opened]) => [`${opened.get(name)?.reads}`, `${opened.get(name)?.ms}`]),
  ]),
)}`;
process.stdout.write(`${text}\n`);
if (options.writes) writeSection('performance.md', 'pages', text);

async function measureEngine(engine: string): Promise<ReadonlyMap<string, Opened>> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-pages-'));
  const server = engine === 'redis' ? await startRedis() : undefined;
  const url = readStoreUrl(server?.url ?? `embedded:${join(folder, 'store')}`);
  if (url.kind === 'invalid') throw new Error(url.reason);
  const store = await openStore(url, {});
  const seen = { reads: 0 };
  try {
    const support = await startSupport(countingReads(store, seen));
    try {
      await fill(support);
      return await openAll(support, seen);
    } finally {
      await support.stop();
    }
  } finally {
    await store.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill({ services }: SupportFixture): Promise<void> {
  await inBatches(districts, (index) =>
    services.districts.put({
      id: `d${index}`,
      cleverId: cleverIdOf(index),
      name: `District ${index}`,
      rostering: ['sftp'],
    }),
  );
  await inBatches(attempts, (index) => {
    const district = index % districts;
    const { clever, ...attempt } = attemptAt(index, attempts, now);
    const ofClever = clever === undefined ? {} : { clever: { ...clever, district: cleverIdOf(district) } };
    return services.attempts.record({ ...attempt, ...ofClever, district: `d${district}` });
  });
  await services.counts.flush();
  // As a server does every three seconds, for a hundred districts at a time.
  for (let from = 0; from < districts; from += 100) await services.incidents.upkeep();
}

function cleverIdOf(index: number): string {
  return index.toString(16).padStart(24, '0');
}

async function inBatches(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  for (let from = 0; from < count; from += concurrency) {
    await Promise.all(Array.from({ length: Math.min(concurrency, count - from) }, (_, at) => work(from + at)));
    if (from % 100_000 === 0)
      process.stderr.write(`${from} of ${count}, ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
  }
}

async function openAll(support: SupportFixture, seen: { reads: number }): Promise<ReadonlyMap<string, Opened>> {
  const cookie = (await support.signIn({ verifiedEmail: 'robin@admin.example' })) ?? '';
  const headers = { cookie, accept: 'text/html', origin: support.url };
  const form = await readFormToken(support, headers);
  const opened = new Map<string, Opened>();
  for (const [name, page] of Object.entries(pages)) {
    const open = () =>
      typeof page === 'string'
        ? fetch(`${support.url}${page}`, { headers })
        : fetch(`${support.url}/support/search`, {
            method: 'POST',
            headers,
            redirect: 'manual' as const,
            body: new URLSearchParams({ q: page.q, form }),
          });
    opened.set(name, await measure(name, open, seen));
  }
  return opened;
}

async function measure(name: string, open: () => Promise<Response>, seen: { reads: number }): Promise<Opened> {
  const runs: Opened[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    await setTimeout(pauseMs);
    seen.reads = 0;
    const startedAt = performance.now();
    const answer = await open();
    await answer.text();
    if (answer.status !== 200 && answer.status !== 303) throw new Error(`${name}: ${answer.status}`);
    runs.push({ reads: seen.reads, ms: Math.round(performance.now() - startedAt) });
  }
  const counted = runs.slice(1);
  const median = (read: (run: Opened) => number) =>
    counted.map(read).sort((one, other) => one - other)[rounds >> 1] ?? 0;
  return { reads: median(({ reads }) => reads), ms: median(({ ms }) => ms) };
}

async function readFormToken(support: SupportFixture, headers: Readonly<Record<string, string>>): Promise<string> {
  const page = await fetch(`${support.url}/support/incidents?state=closed`, { headers });
  return /name="form" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
}
