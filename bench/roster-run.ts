// One roster published in this process: `node roster-run.js STORE_URL FOLDER`. Prints a RosterRun as JSON. The second
// publish gives one student in a hundred another address.
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { openServices } from '../src/compose/commands.ts';
import type { BatchedFeed, FeedItem } from '../src/formats/feed.ts';
import { openStore } from '../src/store/open-store.ts';
import { readStoreUrl } from '../src/store/store-url.ts';
import { readFolder } from '../test/helpers/read-folder.ts';
import { watchMemory } from './memory.ts';
import { measureWork, type Work } from './work.ts';

export interface RosterRun {
  readonly accounts: number;
  readonly first: Work;
  readonly again: Work;
  readonly ownMegabytes: number;
  /** csv-parse over the same files. */
  readonly csv: Work;
  /** As many bytes as one publish leaves in the store, into the engine by themselves. */
  readonly floor: Work;
  readonly lookUpMicroseconds: number;
}

const [urlText = '', files = ''] = process.argv.slice(2);
const url = readStoreUrl(urlText);
if (url.kind === 'invalid') throw new Error(url.reason);
const districtId = 'bench';
const pageBytes = 8192;
const pageConcurrency = 128;
const storeKeys = [{ id: 'bench', key: Buffer.alloc(32, 7) }];

const services = await openServices({
  STORE_URL: url,
  STORE_KEYS: storeKeys,
  SESSION_TTL: 3600,
  ATTEMPT_RETENTION: 3600,
});
const peak = watchMemory();
const first = await publish(readFolder(files));
const again = await publish(readdressed(readFolder(files)));
const ownMegabytes = peak().own;
const lookUpMicroseconds = await measureLookUps();
// Last, as it fills the memory; both publishes are there, a generation each.
const stored = (await countStored()) / 2;
await services.storage.store.close();
const run: RosterRun = {
  accounts: first.accounts,
  first: first.work,
  again: again.work,
  ownMegabytes,
  csv: await measureWork(parseAll),
  floor: url.kind === 'embedded' ? await floorOfEmbedded(stored) : await floorOfRedis(stored),
  lookUpMicroseconds,
};
process.stdout.write(JSON.stringify(run));

async function publish(feed: BatchedFeed): Promise<{ accounts: number; work: Work }> {
  let accounts = 0;
  const work = await measureWork(async () => {
    const result = await services.rosters.publisher.publish(districtId, 'sftp', feed);
    if (result.kind !== 'published') throw new Error(`not published: ${result.kind}`);
    accounts = Object.values(result.report.accounts).reduce((total, count) => total + count, 0);
  });
  return { accounts, work };
}

async function* readdressed(feed: BatchedFeed): BatchedFeed {
  for await (const items of feed) yield items.map(readdress);
}

/** By the end of the id: a hash of each row would be a tenth of what is measured. */
function readdress(item: FeedItem): FeedItem {
  const isOne = item.kind === 'account' && item.sisId.endsWith('00');
  return isOne ? { ...item, email: `new.${item.email ?? ''}` } : item;
}

async function countStored(): Promise<number> {
  let bytes = 0;
  for await (const [key, value] of services.storage.store.dump()) bytes += key.length + value.length;
  return bytes;
}

/** The median of two thousand addresses of students, spread over the file. */
async function measureLookUps(): Promise<number> {
  const addresses = await pickAddresses();
  const roster = await services.rosters.rosters.read(districtId, 0);
  const times: number[] = [];
  for (const address of addresses) {
    const startedAt = performance.now();
    await services.rosters.directory.findByEmail(roster, address);
    times.push(performance.now() - startedAt);
  }
  return Math.round((times.sort((one, other) => one - other)[times.length >> 1] ?? 0) * 1000);
}

async function pickAddresses(): Promise<string[]> {
  const [places, ofPlace] = [20, 100];
  const file = await open(join(files, 'students.csv'));
  try {
    const { size } = await file.stat();
    const texts = Array.from({ length: places }, async (_, at) => {
      const { buffer } = await file.read(Buffer.alloc(100_000), 0, 100_000, Math.floor((size / places) * at));
      return [...buffer.toString().matchAll(/,([\w.+'-]+@students[\w.-]+),/g)]
        .map(([, found]) => found ?? '')
        .slice(0, ofPlace);
    });
    return (await Promise.all(texts)).flat();
  } finally {
    await file.close();
  }
}

async function parseAll(): Promise<void> {
  for (const name of ['students', 'teachers', 'staff', 'sections', 'enrollments']) {
    const parser = createReadStream(join(files, `${name}.csv`)).pipe(parse({ relax_column_count: true }));
    for await (const _record of parser);
  }
}

/** Puts of a megabyte each, each on disk. */
async function floorOfEmbedded(bytes: number): Promise<Work> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-floor-'));
  const store = await openStore({ kind: 'embedded', path: folder });
  const value = Buffer.alloc(pageBytes, 5);
  const pages = Math.ceil(bytes / pageBytes);
  const work = await measureWork(async () => {
    for (let from = 0; from < pages; from += pageConcurrency) {
      const batch = Array.from({ length: Math.min(pageConcurrency, pages - from) }, (_, at) => ({
        id: String(from + at).padStart(9, '0'),
        value,
      }));
      await store.load('floor', 'floor', batch);
    }
  });
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return work;
}

async function floorOfRedis(bytes: number): Promise<Work> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-floor-'));
  const file = join(folder, 'commands');
  const value = 'x'.repeat(pageBytes);
  const pages = Math.ceil(bytes / pageBytes);
  const command = (at: number) =>
    `*4\r\n$4\r\nHSET\r\n$5\r\nfloor\r\n$9\r\n${String(at).padStart(9, '0')}\r\n$${pageBytes}\r\n${value}\r\n`;
  for (let from = 0; from < pages; from += pageConcurrency) {
    const some = Array.from({ length: Math.min(pageConcurrency, pages - from) }, (_, at) => command(from + at));
    writeFileSync(file, some.join(''), { flag: 'a' });
  }
  const { port } = new URL(urlText);
  const work = await measureWork(async () => {
    execFileSync('sh', ['-c', `redis-cli -p ${port} --pipe < ${file}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  execFileSync('redis-cli', ['-p', port, 'UNLINK', 'floor'], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
  return work;
}
