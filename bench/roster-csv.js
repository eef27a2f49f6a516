// Publishes Clever-style CSV files into an embedded store and says how long that took, how much memory at most, and what
// changed: once from nothing, once with 1 % of the students' addresses changed.
//
//   npm run build && node bench/roster-csv.js [students] [teachers] [staff] [classes a student]
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDistrict } from '../dist/sandbox/district-maker.js';
import { readCleverCsv } from '../dist/src/roster/formats/clever-csv.js';
import { openOffice } from '../dist/src/wire-office.js';
import { watchMemory } from './memory.js';

const [students = 100_000, teachers = 4_000, staff = 1_000, classesPerStudent = 2] = process.argv.slice(2).map(Number);
const shape = { students, teachers, staff, classesPerStudent, seed: 1, lineEnds: 'crlf', headerStyle: 'School_id' };

const folder = mkdtempSync(join(tmpdir(), 'sso-bench-'));
const office = await openOffice({
  STORE_URL: { kind: 'embedded', path: join(folder, 'store') },
  SESSION_TTL: 3600,
  ATTEMPT_RETENTION: 3600,
});
try {
  await measure('first publish', (text) => text);
  await measure('1 % changed', readdress);
} finally {
  await office.store.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Gives about one student in a hundred another address, the same one in each of their rows. */
function readdress(text) {
  const readdressed = new Set();
  const changed = text.replace(/([\w.+-]+)@(students\.)/g, (whole, local, domain) => {
    if (createHash('sha256').update(local).digest().readUInt16BE() % 100 !== 0) return whole;
    readdressed.add(local);
    return `${local}.new@${domain}`;
  });
  console.log(`${readdressed.size} students get another address`);
  return changed;
}

async function measure(title, change) {
  const path = join(folder, 'files');
  await writeDistrict(path, shape);
  const file = join(path, 'students.csv');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  const peak = watchMemory();
  const startedAt = performance.now();
  const result = await office.publisher.publish('bench', 'sftp', readCleverCsv(path));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const { heap, own, resident } = peak();
  console.log(
    `${title}: ${result.kind} in ${seconds} s; heap at most ${heap} MB, own memory ${own} MB, with the store's pages ${resident} MB`,
  );
  const { accounts, classes, enrollments, changes } = result.report;
  console.log(`  ${JSON.stringify({ ...accounts, classes, enrollments, changes })}`);
  rmSync(path, { recursive: true });
}
