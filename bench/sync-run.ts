// One district synced with the Data API of a stand-in Clever, once from nothing and once with 1 % of the addresses changed:
// `node sync-run.js STUDENTS`. Prints a SyncRun as JSON. The stand-in is a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { districtOfShape } from '../sandbox/clever/made-data-district.ts';
import { openServices } from '../src/compose/commands.ts';
import { createSyncServices } from '../src/compose/secure-sync.ts';
import { watchMemory } from './memory.ts';
import { measureWork, type Work } from './work.ts';

export interface SyncRun {
  readonly accounts: number;
  readonly first: Work;
  readonly again: Work;
  readonly ownMegabytes: number;
}

const students = Number(process.argv[2]);
const shape = {
  students,
  teachers: Math.ceil(students / 25),
  staff: Math.ceil(students / 100),
  classesPerStudent: 0,
  ...({ seed: 1, lineEnds: 'lf', headerStyle: 'School_id' } as const),
};
const app = { CLEVER_CLIENT_ID: 'bench', CLEVER_CLIENT_SECRET: 'bench-secret' };
const path = mkdtempSync(join(tmpdir(), 'sso-bench-sync-'));
const storeKeys = [{ id: 'bench', key: Buffer.alloc(32, 7) }];
const store = {
  ...({ STORE_URL: { kind: 'embedded', path }, SESSION_TTL: 3600, ATTEMPT_RETENTION: 3600 } as const),
  STORE_KEYS: storeKeys,
};
const services = await openServices(store);
const district = {
  id: 'bench',
  cleverId: districtOfShape(shape).id,
  name: 'Bench',
  rostering: ['secure-sync:full'] as const,
};
await services.rosters.districts.put(district);
try {
  const peak = watchMemory();
  const first = await sync(shape);
  const again = await sync({ ...shape, newAddressEvery: 100 });
  const run: SyncRun = { accounts: first.accounts, first: first.work, again: again.work, ownMegabytes: peak().own };
  process.stdout.write(JSON.stringify(run));
} finally {
  await services.storage.store.close();
  rmSync(path, { recursive: true, force: true });
}

async function sync(dataDistrict: object): Promise<{ accounts: number; work: Work }> {
  const clever = await startClever(dataDistrict);
  const url = new URL(clever.url);
  const { publisher, syncLog } = services.rosters;
  const { auditLog } = services.audit;
  const needs = { store: services.storage.store, vault: services.storage.vault, publisher, syncLog, auditLog };
  const secureSync = createSyncServices(needs, { ...store, ...app, CLEVER_ISSUER: url, CLEVER_API_URL: url });
  try {
    let accounts = 0;
    const work = await measureWork(async () => {
      const result = await secureSync.sync(district, { by: 'bench' });
      if (result?.kind !== 'published') throw new Error(`not published: ${result?.kind}`);
      accounts = Object.values(result.report.accounts).reduce((total, count) => total + count, 0);
    });
    return { accounts, work };
  } finally {
    await secureSync.close();
    clever.stop();
  }
}

async function startClever(dataDistrict: object): Promise<{ url: string; stop: () => void }> {
  const file = fileURLToPath(new URL('../sandbox/clever/main.js', import.meta.url));
  const env = {
    ...process.env,
    PORT: '0',
    SUMMIT_K12_CLIENT_ID: app.CLEVER_CLIENT_ID,
    SUMMIT_K12_CLIENT_SECRET: app.CLEVER_CLIENT_SECRET,
    SUMMIT_K12_REDIRECT_URIS: 'http://localhost:1/callback',
    DATA_DISTRICT: JSON.stringify(dataDistrict),
  };
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  process.once('exit', () => child.kill());
  const [line]: string[] = await once(createInterface({ input: child.stdout }), 'line');
  const { url }: { url: string } = JSON.parse(line ?? '');
  return { url, stop: () => child.kill() };
}
