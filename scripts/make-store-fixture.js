// Writes a small store by today's build and keeps it as it is: test/fixtures/store-format-N.jsonl (its keys and values) and
// .json (what later versions must find in it). Run it once when the format is raised, never to make a test pass:
// `npm run build && node scripts/make-store-fixture.js`.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServices } from '../dist/src/compose/services.js';
import { createSessionTokens } from '../dist/src/session/session-token.js';
import { sealAttempt } from '../dist/src/sign-in/sealed-attempt.js';
import { createStates } from '../dist/src/sign-in/state.js';
import { openStoreIdentity } from '../dist/src/store/guard/store-identity.js';
import { openEmbeddedStore } from '../dist/src/store/lmdb/embedded-store.js';
import { sayStoreFormat, storeFormat } from '../dist/src/store/store-format.js';
import { openVault } from '../dist/src/store/vault.js';

const fixtures = fileURLToPath(new URL('../test/fixtures/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sso-fixture-'));
const now = Math.floor(Date.now() / 1000) * 1000;
const clock = () => now;
const district = { id: 'fixture', cleverId: 'f'.repeat(24), name: 'Fixture', rostering: ['sftp', 'manual'] };
const issuer = 'http://localhost:3000';
const audience = 'http://localhost:4000';

const account = (sisId, more = {}) => ({
  kind: 'account',
  record: 'student',
  role: 'student',
  sisId,
  givenName: `Given${sisId}`,
  familyName: `Family${sisId}`,
  email: `${sisId}@fixture.example`,
  cleverId: undefined,
  schoolId: '1',
  grade: '5',
  place: { file: 'students.csv', line: 2 },
  ...more,
});
const teacher = account('t1', { record: 'teacher', role: 'teacher', place: { file: 'teachers.csv', line: 2 } });
const students = (count) => Array.from({ length: count }, (_, at) => account(`s${at}`));
async function* feed(rows) {
  yield* rows;
}

const store = await openEmbeddedStore(folder, { clock });
const vault = await openVault(store, [{ id: 'fixture', key: Buffer.alloc(32, 1) }], clock);
await openStoreIdentity(store, vault);
await sayStoreFormat(store);
const settings = { SESSION_TTL: 28_800, ATTEMPT_RETENTION: 7_776_000 };
const composed = createServices({ store, vault, clock }, settings);
const services = { ...composed.sessions, ...composed.rosters, ...composed.support, ...composed.admin };
const tokens = createSessionTokens(services.keys, { issuer, audience, clock });

await services.districts.put(district);
for (const count of [30, 28, 3])
  await services.publisher.publish(district.id, 'sftp', feed([...students(count), teacher]));
const { published } = await services.rosters.read(district.id, 0);
const idOf = async (email) => {
  const [found] = await services.directory.findByEmail(district.id, published, email);
  return found.accountId;
};
const emails = ['s0@fixture.example', 's1@fixture.example', 't1@fixture.example'];
const accounts = Object.fromEntries(await Promise.all(emails.map(async (email) => [email, await idOf(email)])));

const link = { districtId: district.id, accountId: accounts[emails[0]], cleverId: 'a'.repeat(24) };
await store.commit(services.links.conditions(published, link), services.links.writes(published, link));

const sessions = {};
for (const [name, email] of [
  ['ended', emails[0]],
  ['endedByAccount', emails[1]],
  ['live', emails[2]],
])
  sessions[name] = await openSession(accounts[email]);
await services.registry.end(district.id, sessions.ended.sid);
await services.endSessions.ofAccount(district.id, sessions.endedByAccount.accountId);

const { reference } = await services.attempts.record({
  at: now,
  code: 'email_mismatch',
  app: 'summit-k12',
  difference: 'case',
  district: district.id,
  clever: { district: district.cleverId, clever_id: 'b'.repeat(24), user_type: 'student', email: 'S1@fixture.example' },
});
const { credential, secret } = await services.credentials.create('product', 'Fixture');
const { state } = createStates(vault, clock).make('login');
const cookie = sealAttempt(vault, { app: 'summit-k12', checks: { state, nonce: 'n' }, returnTo: '/' });
const keys = (await services.keys.list()).map(({ kid }) => kid);

const pairs = [];
for await (const [key, value] of store.dump()) pairs.push([key.toString('base64'), value.toString('base64')]);
const facts = {
  now,
  issuer,
  audience,
  district: district.id,
  accounts,
  link,
  sessions,
  reference,
  keys,
  credential: { id: credential.id, secret },
  signIn: { state, cookie },
};
const name = join(fixtures, `store-format-${storeFormat}`);
writeFileSync(`${name}.jsonl`, pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
writeFileSync(`${name}.json`, `${JSON.stringify(facts, undefined, 2)}\n`);
await store.close();
rmSync(folder, { recursive: true, force: true });

async function openSession(accountId) {
  const seen = await services.rosters.read(district.id, 0);
  const gate = await services.registry.gate(district.id, true);
  const [issuedAt, sid] = [now / 1000, randomUUID()];
  const { serial } = seen.published;
  const record = { sid, districtId: district.id, accountId, serial, issuedAt, expiresAt: issuedAt + 28_800 };
  const write = services.registry.write({ ...record, openedBy: 'state', returnTo: '/', gate: gate.id });
  await store.commit([seen.unchanged, gate.unchanged], [write]);
  const claims = { sub: accountId, sid, jti: randomUUID(), iat: issuedAt, exp: issuedAt + 28_800 };
  const matched = { by: 'email', roster: 'sftp' };
  return { sid, accountId, token: await tokens.issue({ ...claims, district: district.id, role: 'student', matched }) };
}
