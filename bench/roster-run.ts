// One roster published in this process: `node roster-run.js STORE_URL FOLDER`. Prints a RosterRun as JSON. The second
// publish gives one student in a hundred another address.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import type { BatchedFeed, FeedItem } from '../src/roster/feed.ts';
import { readCleverCsv } from '../src/roster/formats/clever-csv.ts';
import { openStore } from '../src/store/open-store.ts';
import { readStoreUrl } from '../src/store/store-url.ts';
import { openOffice } from '../src/wire-office.ts';
import { watchMemory } from './memory.ts';

export interface RosterRun {
  readonly accounts: number;
  /** Accounts, classes and enrollments. */
  readonly rows: number;
  readonly firstSeconds: number;
  readonly againSeconds: number;
  readonly ownMegabytes: number;
  readonly csvSeconds: number;
  /** As many bytes into the engine by themselves. */
  readonly floorSeconds: number;
  readonly lookUpMicroseconds: number;
}

const [urlText = '', files = ''] = process.argv.slice(2);
const url = readStoreUrl(urlText);
if (url.kind === 'invalid') throw new Error(url.reason);
const districtId = 'bench';
const storeKeys = [{ id: 'bench', key: Buffer.alloc(32, 7) }];

const office = await openOffice({ STORE_URL: url, STORE_KEYS: storeKeys, SESSION_TTL: 3600, ATTEMPT_RETENTION: 3600 });
const peak = watchMemory();
const first = await publish(readCleverCsv(files));
const again = await publish(readdressed(readCleverCsv(files)));
const own = peak().own;
const lookUpMicroseconds = await measureLookUps();
await office.store.close();
const csvSeconds = await timed(parseAll);
const floorSeconds = url.kind === 'embedded' ? await floorOfEmbedded(first.rows) : await floorOfRedis(first.rows);
const run: RosterRun = {
  accounts: first.accounts,
  rows: first.rows,
  firstSeconds: first.seconds,
  againSeconds: again.seconds,
  ownMegabytes: own,
  csvSeconds,
  floorSeconds,
  lookUpMicroseconds,
};
process.stdout.write(JSON.stringify(run));

async function publish(feed: BatchedFeed) {
  const startedAt = performance.now();
  const result = await office.publisher.publish(districtId, 'sftp', feed);
  const seconds = (performance.now() - startedAt) / 1000;
  if (result.kind !== 'published') throw new Error(`not published: ${result.kind}`);
  const { accounts, classes, enrollments } = result.report;
  const people = Object.values(accounts).reduce((total, count) => total + count, 0);
  return { seconds, accounts: people, rows: people + classes + enrollments };
}

async function* readdressed(feed: BatchedFeed): BatchedFeed {
  for await (const items of feed) yield items.map(readdress);
}

function readdress(item: FeedItem): FeedItem {
  const isOne = item.kind === 'account' && createHash('sha256').update(item.sisId).digest().readUInt16BE() % 100 === 0;
  return isOne ? { ...item, email: `new.${item.email ?? ''}` } : item;
}

/** The median of two thousand addresses, spread over the file. */
async function measureLookUps(): Promise<number> {
  const text = readFileSync(join(files, 'students.csv'), 'utf8').slice(0, 2_000_000);
  const addresses = [...text.matchAll(/[\w.+'-]+@[\w.-]+/g)].map(([address]) => address).slice(0, 2000);
  const { standing } = await office.standings.read(districtId, 0);
  const times: number[] = [];
  for (const address of addresses) {
    const startedAt = performance.now();
    await office.directory.findByEmail(districtId, standing, address);
    times.push(performance.now() - startedAt);
  }
  return Math.round((times.sort((one, other) => one - other)[times.length >> 1] ?? 0) * 1000);
}

async function parseAll(): Promise<void> {
  for (const name of ['students', 'teachers', 'staff', 'sections', 'enrollments']) {
    const parser = createReadStream(join(files, `${name}.csv`)).pipe(parse({ relax_column_count: true }));
    for await (const _record of parser);
  }
}

/** What a megabyte of rows of 300 bytes each costs, as often as the roster is large. */
async function floorOfEmbedded(rows: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-floor-'));
  const store = await openStore({ kind: 'embedded', path: folder });
  const value = Buffer.alloc(8192, 5);
  const pages = Math.ceil((rows * 300) / value.length);
  const seconds = await timed(async () => {
    for (let from = 0; from < pages; from += 128) {
      const batch = Array.from({ length: Math.min(128, pages - from) }, (_, at) => ({
        id: String(from + at).padStart(9, '0'),
        value,
      }));
      await store.load('floor', 'floor', batch);
    }
  });
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return seconds;
}

async function floorOfRedis(rows: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-floor-'));
  const file = join(folder, 'commands');
  const value = 'x'.repeat(8192);
  const pages = Math.ceil((rows * 300) / value.length);
  const parts: string[] = [];
  for (let at = 0; at < pages; at += 1) {
    const id = String(at).padStart(9, '0');
    parts.push(`*4\r\n$4\r\nHSET\r\n$5\r\nfloor\r\n$9\r\n${id}\r\n$8192\r\n${value}\r\n`);
  }
  writeFileSync(file, parts.join(''));
  const seconds = await timed(async () => {
    const port = new URL(urlText).port;
    execFileSync('sh', ['-c', `redis-cli -p ${port} --pipe < ${file}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  execFileSync('redis-cli', ['-p', new URL(urlText).port, 'UNLINK', 'floor'], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
  return seconds;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
