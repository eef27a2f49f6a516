// One random roster, published as each format writes it: the main product gets the same accounts, as far as the formats can
// say the same.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { RosterBatch } from '../../src/roster/product-roster.ts';
import { readFolder } from '../helpers/read-folder.ts';
import {
  accountsOf,
  type ModelFormat,
  methodOf,
  type RosterModel,
  rosterModel,
  type Style,
  sortAccounts,
  style,
  writers,
} from '../helpers/roster-model.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';

const formats = Object.keys(writers) as ModelFormat[];

let storeFixture: StoreFixture;
let folder: string;
beforeAll(async () => {
  storeFixture = await embedded.start();
  folder = await mkdtemp(join(tmpdir(), 'same-accounts-'));
});
afterAll(async () => {
  await storeFixture.stop();
  await rm(folder, { recursive: true });
});

/** Each format as a district of its own. */
async function publish(services: TestServices, model: RosterModel, as: Style, format: ModelFormat) {
  const set = await mkdtemp(join(folder, 'set-'));
  for (const [name, content] of Object.entries(writers[format](model, as))) await writeFile(join(set, name), content);
  const method = methodOf(format);
  const feed = readFolder(set, { clock: Date.now }, method);
  const { kind, findings } = await services.publisher.publish(format, method, feed, { approve: true });
  expect([kind, findings.list.filter(({ severity }) => severity === 'error')]).toEqual(['published', []]);
  const lines: RosterBatch[number][] = [];
  for await (const batch of services.readRoster(format)) lines.push(...batch);
  return lines;
}

function accountsIn(lines: RosterBatch, { schools }: RosterModel, format: ModelFormat) {
  const isSummit = format.startsWith('summit');
  const accounts = lines.flatMap((line) => (line.type === 'account' ? [line] : []));
  for (const { role, position } of accounts)
    expect(role === 'administrator' ? position : undefined).toBe(role === 'administrator' ? 'school_admin' : undefined);
  return sortAccounts(
    accounts.map(({ role, sis_id, given_name, family_name, email, grade, school_ids }) => ({
      role,
      id: isSummit && role !== 'student' ? undefined : sis_id,
      givenName: given_name,
      familyName: family_name,
      email: email ?? undefined,
      grade: grade ?? undefined,
      // Summit's templates have no ids of schools: a name is one.
      schools: school_ids.map((id) => (isSummit ? id : (schools.find((school) => school.id === id)?.name ?? ''))),
    })),
  );
}

/** By what the district calls them. */
function membershipIn(lines: RosterBatch) {
  const ids = new Map(lines.flatMap((line) => ('sis_id' in line ? [[line.id, line.sis_id]] : [])));
  return lines
    .flatMap((line) => {
      if (line.type === 'enrollment') return [`${ids.get(line.student)} in ${ids.get(line.class)}`];
      if (line.type !== 'class') return [];
      return [JSON.stringify([line.sis_id, line.name, line.school_id, line.teachers.map((each) => ids.get(each))])];
    })
    .sort();
}

it('a random roster becomes the same accounts and classes in every format', async () => {
  await fc.assert(
    fc.asyncProperty(rosterModel, style, async (model, as) => {
      const services = await createServices(await storeFixture.place().open());
      const lines = new Map<ModelFormat, RosterBatch>();
      for (const format of formats) lines.set(format, await publish(services, model, as, format));
      for (const [format, read] of lines) expect(accountsIn(read, model, format)).toEqual(accountsOf(model, format));
      const expected = membershipIn(lines.get('clever') ?? []);
      for (const format of ['oneroster-1.1', 'oneroster-1.2'] as const)
        expect(membershipIn(lines.get(format) ?? [])).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});
