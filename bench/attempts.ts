// `npm run bench:attempts`: the attempt log with a million failed sign-ins of 90 days: how fast they are kept, what each
// kind of search reads, and what the others notice while the oldest day goes. Writes its section of docs/performance.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { openStore } from '../src/store/open-store.ts';
import { type Store, StoreUnavailable } from '../src/store/store.ts';
import { readStoreUrl } from '../src/store/store-url.ts';
import { openVault, type Vault } from '../src/store/vault.ts';
import type { Attempt } from '../src/support/attempt.ts';
import { type AttemptLog, createAttemptLog } from '../src/support/attempt-log.ts';
import type { AttemptFilter } from '../src/support/attempt-names.ts';
import { describeAttempts, type Measured, type Noticed, type Searched } from './attempts/describe.ts';
import { attemptAt, dayMs, days, type Facts, oldestAt } from './attempts/made-up.ts';
import { readBenchOptions } from './bench-options.ts';
import { countingReads } from './counting-reads.ts';
import { endOnSignals } from './pinned-process.ts';
import { measuredOn, writeSection } from './report-section.ts';
import { startRedis } from './start-redis.ts';

const options = readBenchOptions({
  script: 'bench:attempts',
  about: 'The attempt log, full: keeping, each kind of search, and the oldest day going.',
  counts: { attempts: { about: 'attempts kept before searching', usual: 1_000_000, most: 5_000_000 } },
  stores: ['embedded', 'redis'],
});
const count = options.count('attempts');
const retentionSeconds = days * 86_400;
const concurrency = 250;
/** Each with its floor. */
const stretches = 20;
const maxPlain = 10_000;
const now = Date.now();
const page = Array.from({ length: 50 }, (_, at) => ({ partition: 'bench', id: `page-${at}` }));
const jsonBytes = Math.round(
  Array.from({ length: 100 }, (_, at) => JSON.stringify(attemptAt(at, count, now)).length).reduce((a, b) => a + b) /
    100,
);
const plainValue = Buffer.alloc(jsonBytes, 7);

endOnSignals();
const results: Measured[] = [];
for (const engine of options.stores) results.push(await measureEngine(engine));
const report = describeAttempts(results, {
  command: options.command,
  machine: measuredOn(),
  count,
  jsonBytes,
});
process.stdout.write(`${report}\n`);
if (options.writes) writeSection('performance.md', 'attempts', report);

async function measureEngine(engine: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-attempts-'));
  const server = engine === 'redis' ? await startRedis() : undefined;
  const url = readStoreUrl(server?.url ?? `embedded:${join(folder, 'store')}`);
  if (url.kind === 'invalid') throw new Error(url.reason);
  const store = await openStore(url, {});
  const usedBytes = () =>
    server?.usedBytes() ?? Number(execFileSync('du', ['-sB1', folder], { encoding: 'utf8' }).split('\t')[0]);
  try {
    const vault = await openVault(store, [{ id: 'bench', key: Buffer.alloc(32, 7) }]);
    await putPlain(store, concurrency);
    for (const at of page) await store.put(at, plainValue);
    const before = await usedBytes();
    const filled = await fill(store, createAttemptLog(store, vault, { retentionSeconds }));
    const bytesEach = Math.round(((await usedBytes()) - before) / count);
    const searches = await searchAll(store, vault, filled.last);
    const idle = await watch(store, () => wait(5_000));
    const oldest = await dropOldestDay(store, vault);
    say({ engine, bytesEach, idle, oldest });
    return { engine, kept: filled.kept, floor: filled.floor, bytesEach, searches, oldest, idle };
  } finally {
    await store.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The oldest first, as attempts come. Answers the last reference too. */
async function fill(store: Store, log: AttemptLog) {
  const [kept, floor]: [number[], number[]] = [[], []];
  const share = Math.ceil(count / stretches);
  const plain = Math.min(share, maxPlain);
  let last = '';
  for (let from = 0; from < count; from += share) {
    const until = Math.min(count, from + share);
    floor.push(await perSecond(plain, () => putPlain(store, plain)));
    kept.push(
      await perSecond(until - from, async () => {
        last = await keepAll(log, from, until);
      }),
    );
    say({ attempts: until, kept: Math.round(kept.at(-1) ?? 0), floor: Math.round(floor.at(-1) ?? 0) });
  }
  return { kept, floor, last };
}

async function perSecond(many: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (many * 1000) / (performance.now() - startedAt);
}

/** The same few places again and again, so that the store does not grow. */
async function putPlain(store: Store, many: number): Promise<void> {
  for (let from = 0; from < many; from += concurrency) {
    const ids = Array.from({ length: Math.min(concurrency, many - from) }, (_, index) => `plain-${index}`);
    await Promise.all(ids.map((id) => again(() => store.put({ partition: 'bench', id }, plainValue))));
  }
}

async function keepAll(log: AttemptLog, first: number, until: number): Promise<string> {
  let last = '';
  for (let from = first; from < until; from += concurrency) {
    const indexes = Array.from({ length: Math.min(concurrency, until - from) }, (_, index) => from + index);
    const kept = await Promise.all(indexes.map((index) => keep(log, attemptAt(index, count, now))));
    last = kept.at(-1)?.reference ?? last;
  }
  return last;
}

function keep(log: AttemptLog, attempt: Facts): Promise<Attempt> {
  return again(() => log.record(attempt));
}

/** Where the store did not answer in time: on a busy machine a server may have to wait for its turn. */
async function again<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (failure) {
    if (!(failure instanceof StoreUnavailable)) throw failure;
    await wait(100);
    return again(work);
  }
}

async function searchAll(store: Store, vault: Vault, reference: string): Promise<Searched[]> {
  const seen = { reads: 0 };
  const counted = countingReads(store, seen);
  const log = createAttemptLog(counted, vault, { retentionSeconds });
  const search = async (filter: AttemptFilter) => (await log.search(filter)).attempts.length;
  const hour = now - 45 * dayMs;
  const kinds: Readonly<Record<string, () => Promise<number>>> = {
    'floor: 50 values': async () => (await counted.get(page)).length,
    reference: async () => ((await log.find(reference)) === undefined ? 0 : 1),
    all: () => search({}),
    code: () => search({ code: 'not_rostered' }),
    'code that is rare': () => search({ code: 'clever_denied' }),
    'code that none has': () => search({ code: 'clever_misconfigured' }),
    district: () => search({ district: 'd7' }),
    'district and code': () => search({ district: 'd7', code: 'ambiguous' }),
    'district, an hour 45 days ago': () => search({ district: 'd7', from: hour, to: hour + 3_600_000 }),
    'all, an hour 45 days ago': () => search({ from: hour, to: hour + 3_600_000 }),
    'email of a person with few': () => search({ email: 'person.77@school.example' }),
    'email of a person with many': () => search({ email: 'person.often@school.example' }),
    'Clever id': () => search({ cleverId: 'clever-77' }),
    account: () => search({ account: 'account-77' }),
    'none found: email': () => search({ email: 'nobody@school.example' }),
    'none found: reference': async () => ((await log.find('00000000')) === undefined ? 0 : 1),
  };
  const searches: Searched[] = [];
  for (const [kind, work] of Object.entries(kinds)) searches.push(await measureSearch(kind, work, seen));
  return searches;
}

/** The median of nine. */
async function measureSearch(kind: string, search: () => Promise<number>, seen: { reads: number }): Promise<Searched> {
  const times: number[] = [];
  let found = 0;
  for (let round = 0; round < 9; round += 1) {
    seen.reads = 0;
    const startedAt = performance.now();
    found = await search();
    times.push(performance.now() - startedAt);
  }
  const ms = round(times.sort((one, other) => one - other)[4] ?? 0);
  const searched = { kind, found, reads: seen.reads, ms };
  say(searched);
  return searched;
}

/** One day's share, kept last and for a short while only: all of it is due within the same seconds, which is the worst case. */
async function dropOldestDay(store: Store, vault: Vault): Promise<Measured['oldest']> {
  const share = Math.round(count / days);
  const keptSeconds = Math.max(4, Math.ceil(share / 1_000));
  const log = createAttemptLog(store, vault, { retentionSeconds: keptSeconds });
  const references: string[] = [];
  for (let from = 0; from < share; from += concurrency) {
    const indexes = Array.from({ length: Math.min(concurrency, share - from) }, (_, index) => from + index);
    const facts = (index: number) => ({ ...attemptAt(index, count, now), ...oldestAt(index, now) });
    const kept = await Promise.all(indexes.map((index) => log.record(facts(index))));
    references.push(...kept.map(({ reference }) => reference));
  }
  // Expiry by the store's own clock, then a sweep (embedded) or the active expiry (Redis): ten seconds more is ample.
  const noticed = await watch(store, () => wait((keptSeconds + 10) * 1000));
  const left = await log.find(references.at(-1) ?? '');
  if (left !== undefined) throw new Error('the oldest day is still there');
  return { count: share, ...noticed };
}

/** The longest pause of this process and the longest answer to one request of another, every five milliseconds. */
async function watch(store: Store, work: () => Promise<void>): Promise<Noticed> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  let latencyMs = 0;
  let isOver = false;
  const at = { partition: 'bench', id: 'other' };
  const others = (async () => {
    while (!isOver) {
      const startedAt = performance.now();
      await store.put(at, Buffer.from('x'));
      await store.get([at]);
      latencyMs = Math.max(latencyMs, performance.now() - startedAt);
      await wait(5);
    }
  })();
  await work();
  isOver = true;
  await others;
  loop.disable();
  return { pauseMs: round(loop.max / 1e6), latencyMs: round(latencyMs) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function say(facts: object): void {
  process.stderr.write(`${JSON.stringify(facts)}\n`);
}
