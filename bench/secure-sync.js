// Syncs a district of a stand-in Clever into an embedded store and says how long that took and how much memory at most:
// once from nothing, once with 1 % of the addresses changed. The stand-in is a process of its own.
//
//   npm run build && node bench/secure-sync.js [students] [teachers] [staff] [classes a student]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { watchMemory } from '../dist/bench/memory.js';
import { districtOfShape } from '../dist/sandbox/clever/made-data-district.js';
import { openOffice } from '../dist/src/wire-office.js';
import { openSyncRoom } from '../dist/src/wire-sync.js';

const [students = 100_000, teachers = 4_000, staff = 1_000, classesPerStudent = 2] = process.argv.slice(2).map(Number);
const shape = { students, teachers, staff, classesPerStudent, seed: 1, lineEnds: 'lf', headerStyle: 'School_id' };
const app = { CLEVER_CLIENT_ID: 'bench', CLEVER_CLIENT_SECRET: 'bench-secret' };

const path = mkdtempSync(join(tmpdir(), 'sso-bench-'));
const store = { STORE_URL: { kind: 'embedded', path }, SESSION_TTL: 3600, ATTEMPT_RETENTION: 3600 };
const office = await openOffice(store);
const district = {
  id: 'bench',
  cleverId: districtOfShape(shape).id,
  name: 'Bench',
  rostering: ['secure-sync:full'],
};
await office.districts.put(district);
try {
  await measure('first sync', shape);
  await measure('nothing new', shape);
  await measure('1 % changed', { ...shape, newAddressEvery: 100 });
} finally {
  await office.store.close();
  rmSync(path, { recursive: true, force: true });
}

async function measure(title, dataDistrict) {
  const clever = await startClever(dataDistrict);
  const url = new URL(clever.url);
  const room = openSyncRoom(office, { ...store, ...app, CLEVER_ISSUER: url, CLEVER_API_URL: url });
  globalThis.gc?.();
  const peak = watchMemory();
  const startedAt = performance.now();
  const result = await room.sync(district, { by: 'bench' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const { heap, own, resident } = peak();
  console.log(
    `${title}: ${result.kind} in ${seconds} s; heap at most ${heap} MB, own memory ${own} MB, with the store's pages ${resident} MB`,
  );
  const { accounts, classes, enrollments, changes } = result.report ?? {};
  console.log(
    `  ${JSON.stringify({ ...accounts, classes, enrollments, changes, code: result.code, reason: result.reason })}`,
  );
  await room.close();
  clever.stop();
}

async function startClever(dataDistrict) {
  const file = fileURLToPath(new URL('../dist/sandbox/clever/main.js', import.meta.url));
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
  const [line] = await new Promise((resolve) =>
    createInterface({ input: child.stdout }).once('line', (text) => resolve([text])),
  );
  return { url: JSON.parse(line).url, stop: () => child.kill() };
}
