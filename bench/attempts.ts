// The attempt log with a million failed sign-ins of 90 days: how fast they are kept, what each kind of search reads, and
// what the others notice while the oldest day goes.
//   npm run bench:attempts -- [COUNT] [embedded|redis|both] [--write]
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
import type { AccountFacts, Attempt } from '../src/support/attempt.ts';
import { type AttemptFilter, type AttemptLog, createAttemptLog } from '../src/support/attempt-log.ts';
import { countingReads } from './counting-reads.ts';
import { describeMachine, table, writeSection } from './report-section.ts';
import { startRedis } from './start-redis.ts';

type EngineName = 'embedded' | 'redis';

type Facts = Omit<Attempt, 'reference'>;

interface Searched {
  readonly kind: string;
  readonly found: number;
  readonly reads: number;
  readonly ms: number;
}

interface Measured {
  readonly engine: EngineName;
  readonly perSecond: number;
  readonly bytesEach: number;
  readonly searches: readonly Searched[];
  readonly oldest: {
    readonly count: number;
    readonly seconds: number;
    readonly pauseMs: number;
    readonly latencyMs: number;
  };
  readonly idle: { readonly pauseMs: number; readonly latencyMs: number };
}

const args = process.argv.slice(2).filter((word) => word !== '--write');
const count = Number(args[0] ?? 1_000_000);
const wanted = args[1] ?? 'both';
const days = 90;
const dayMs = 86_400_000;
const retentionSeconds = days * 86_400;
const people = 250_000;
const districts = 200;
const atOnce = 250;
const now = Date.now();

const results: Measured[] = [];
for (const engine of ['embedded', 'redis'] as const) {
  if (wanted === 'both' || wanted === engine) results.push(await measureEngine(engine));
}
if (process.argv.includes('--write')) writeSection('performance.md', 'attempts', `## Attempts\n\n${describe(results)}`);

async function measureEngine(engine: EngineName): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-attempts-'));
  const server = engine === 'redis' ? await startRedis() : undefined;
  const url = readStoreUrl(server?.url ?? `embedded:${join(folder, 'store')}`);
  if (url.kind === 'invalid') throw new Error(url.reason);
  const store = await openStore(url, {});
  const usedBytes = () =>
    server?.usedBytes() ?? Number(execFileSync('du', ['-sB1', folder], { encoding: 'utf8' }).split('\t')[0]);
  try {
    const vault = await openVault(store, [{ id: 'bench', key: Buffer.alloc(32, 7) }]);
    const before = await usedBytes();
    const startedAt = performance.now();
    const last = await fill(createAttemptLog(store, vault, { retentionSeconds }));
    const perSecond = Math.round((count * 1000) / (performance.now() - startedAt));
    const bytesEach = Math.round(((await usedBytes()) - before) / count);
    say({ engine, attempts: count, perSecond, bytesEach });
    const searches = await searchAll(store, vault, last);
    const idle = await watch(store, () => wait(5_000));
    const oldest = await dropOldestDay(store, vault);
    say({ engine, idle, oldest });
    return { engine, perSecond, bytesEach, searches, oldest, idle };
  } finally {
    await store.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The oldest first, as attempts come. Answers the last reference. */
async function fill(log: AttemptLog): Promise<string> {
  let last = '';
  for (let from = 0; from < count; from += atOnce) {
    const indexes = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => from + index);
    const kept = await Promise.all(indexes.map((index) => keep(log, attemptAt(index))));
    last = kept.at(-1)?.reference ?? last;
  }
  return last;
}

/** Again where the store did not answer in time: on a busy machine a server may have to wait for its turn. */
async function keep(log: AttemptLog, attempt: Facts): Promise<Attempt> {
  try {
    return await log.record(attempt);
  } catch (failure) {
    if (!(failure instanceof StoreUnavailable)) throw failure;
    await wait(100);
    return keep(log, attempt);
  }
}

async function searchAll(store: Store, vault: Vault, reference: string): Promise<Searched[]> {
  const seen = { reads: 0 };
  const log = createAttemptLog(countingReads(store, seen), vault, { retentionSeconds });
  const page = async (filter: AttemptFilter) => (await log.search(filter)).attempts.length;
  const hour = now - 45 * dayMs;
  const kinds: Readonly<Record<string, () => Promise<number>>> = {
    reference: async () => ((await log.find(reference)) === undefined ? 0 : 1),
    all: () => page({}),
    code: () => page({ code: 'not_rostered' }),
    'code that is rare': () => page({ code: 'clever_denied' }),
    'code that none has': () => page({ code: 'clever_misconfigured' }),
    district: () => page({ district: 'd7' }),
    'district and code': () => page({ district: 'd7', code: 'ambiguous' }),
    'district, an hour 45 days ago': () => page({ district: 'd7', from: hour, to: hour + 3_600_000 }),
    'all, an hour 45 days ago': () => page({ from: hour, to: hour + 3_600_000 }),
    'email of somebody with four': () => page({ email: 'person.77@school.example' }),
    'email of somebody with hundreds': () => page({ email: 'person.often@school.example' }),
    'Clever id': () => page({ cleverId: 'clever-77' }),
    account: () => page({ account: 'account-77' }),
    'none found: email': () => page({ email: 'nobody@school.example' }),
    'none found: reference': async () => ((await log.find('00000000')) === undefined ? 0 : 1),
  };
  const searches: Searched[] = [];
  for (const [kind, search] of Object.entries(kinds)) searches.push(await measureSearch(kind, search, seen));
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
  for (let from = 0; from < share; from += atOnce) {
    const indexes = Array.from({ length: Math.min(atOnce, share - from) }, (_, index) => from + index);
    const kept = await Promise.all(indexes.map((index) => log.record({ ...attemptAt(index), ...oldest(index) })));
    references.push(...kept.map(({ reference }) => reference));
  }
  const startedAt = performance.now();
  const noticed = await watch(store, async () => {
    // Expiry by the store's own clock, then a sweep (embedded) or the active expiry (Redis): ten seconds more is ample.
    await wait((keptSeconds + 10) * 1000);
  });
  const left = await log.find(references.at(-1) ?? '');
  if (left !== undefined) throw new Error('the oldest day is still there');
  return { count: share, seconds: round((performance.now() - startedAt) / 1000), ...noticed };
}

/** The longest pause of this process and the longest answer to one request of another, every five milliseconds. */
async function watch(store: Store, work: () => Promise<void>): Promise<Measured['idle']> {
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

function attemptAt(index: number): Facts {
  const person = index % 2_000 === 0 ? 'often' : String(index % people);
  const codes = ['email_mismatch', 'not_rostered', 'ambiguous', 'account_inactive'] as const;
  const code = index % 50_000 === 7 ? 'clever_denied' : (codes[(index + (index >> 2)) % codes.length] ?? 'ambiguous');
  const age = Math.floor((1 - index / count) * (days - 1) * dayMs);
  return {
    at: now - age,
    code,
    app: 'summit-k12',
    district: `d${index % districts}`,
    clever: {
      clever_id: `clever-${person}`,
      email: `person.${person}@school.example`,
      user_type: 'student',
      given_name: 'Given',
      family_name: `Family ${person}`,
    },
    ...(code === 'email_mismatch' ? { difference: 'case', about: [aboutPerson(person, index)] } : {}),
  };
}

function aboutPerson(person: string, line: number): AccountFacts {
  const email = `Person.${person}@school.example`;
  const place = { file: 'students.csv', line };
  const sources = [{ method: 'sftp', email, cleverId: undefined, place }] as const;
  return { account: `account-${person}`, record: 'student', sis_id: `s${person}`, sources };
}

/** Of people and districts that no other day has: their lists go as a whole with the day. */
function oldest(index: number): Partial<Facts> {
  return {
    at: now - (days - 0.05) * dayMs,
    district: `old-d${index % districts}`,
    clever: { clever_id: `old-${index}`, email: `old.${index}@school.example`, user_type: 'student' },
    about: [],
  };
}

function describe(measured: readonly Measured[]): string {
  const kinds = measured[0]?.searches.map(({ kind, found }) => ({ kind, found })) ?? [];
  const of = (kind: string, { searches }: Measured) => searches.find((each) => each.kind === kind);
  const engines = measured.map(({ engine }) => engine);
  return `\`npm run bench:attempts -- ${count} ${wanted} --write\` on ${describeMachine()}.
${count.toLocaleString('en')} attempts of ${people.toLocaleString('en')} people over ${days} days. Milliseconds are medians of nine.

${toTable([
  ['first page of a search', 'found', ...engines.flatMap((engine) => [`${engine}: store reads`, 'ms'])],
  ...kinds.map(({ kind, found }) => [
    kind,
    found,
    ...measured.flatMap((each) => [of(kind, each)?.reads ?? 0, of(kind, each)?.ms ?? 0]),
  ]),
])}

${toTable([
  ['', ...engines],
  ['kept per second', ...measured.map(({ perSecond }) => perSecond)],
  ['bytes in the store for each', ...measured.map(({ bytesEach }) => bytesEach)],
  ['the oldest day, all due at once: attempts', ...measured.map(({ oldest: { count } }) => count)],
  [
    'longest pause of the process meanwhile, ms',
    ...measured.map(({ oldest, idle }) => `${oldest.pauseMs} (idle ${idle.pauseMs})`),
  ],
  [
    'longest put and get of another request, ms',
    ...measured.map(({ oldest, idle }) => `${oldest.latencyMs} (idle ${idle.latencyMs})`),
  ],
])}

The bound: a reference is 2 reads; a person 1, and 1 for each day among the attempts of the page; a district the same, and
1 for every 2,000 attempts newer than the time asked for; everything and a code 2 for each day looked into, and 1 that says
which days those are. No number grows with the number of attempts kept.`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function say(facts: object): void {
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

/** The first row is the heading. */
function toTable([head = [], ...rows]: readonly (readonly (string | number)[])[]): string {
  return table(
    head.map(String),
    rows.map((cells) => cells.map(String)),
  );
}
