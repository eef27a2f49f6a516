// Fills a store for a load or a fault run: a district linked to Clever's, its students published through the real
// publisher, and a credential of the product. As a command: `node dist/bench/prepare-district.js DISTRICT STUDENTS` with
// STORE_URL and STORE_KEYS in the environment; prints one line of JSON.
import { pathToFileURL } from 'node:url';
import pRetry from 'p-retry';
import { openServices } from '../src/compose/commands.ts';
import { type CommandConfig, readCommandConfig } from '../src/config/config.ts';
import type { Environment } from '../src/config/gather-settings.ts';
import type { AccountRow, Feed } from '../src/formats/feed.ts';
import { StoreUnavailable } from '../src/store/store.ts';
import { sideBySide } from './drive-sign-ins.ts';
import { cleverDistrictOf, emailOf, type Student, sisIdOf } from './students.ts';

export interface PreparedDistrict {
  readonly id: string;
  readonly students: number;
}

/** Authorization headers: of the product, and of administration. */
export interface PreparedCredentials {
  readonly authorization: string;
  readonly admin: string;
}

/** A store that was started a moment ago, such as a Cluster on a busy machine, may not answer yet: it has a minute. */
const openWhenReady = (config: CommandConfig) =>
  pRetry(() => openServices(config), {
    retries: 30,
    minTimeout: 500,
    maxTimeout: 2_000,
    maxRetryTime: 60_000,
    shouldRetry: ({ error }) => error instanceof StoreUnavailable,
  });

/** @throws Error when a district could not be published */
export async function prepareDistricts(
  environment: Environment,
  districts: readonly PreparedDistrict[],
): Promise<PreparedCredentials> {
  const read = readCommandConfig({ SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d', ...environment }, []);
  if (read.kind === 'problems') throw new Error(read.problems.map(({ setting }) => setting).join(', '));
  const services = await openWhenReady(read.config);
  try {
    await sideBySide(districts, 8, async ({ id, students }) => {
      await services.rosters.districts.put({ id, cleverId: cleverDistrictOf(id), name: id, rostering: ['sftp'] });
      const { kind } = await services.rosters.publisher.publish(id, 'sftp', feedOf(id, students), { approve: true });
      if (kind !== 'published') throw new Error(`the roster of ${id} was ${kind}`);
    });
    const { credential, secret } = await services.sessions.credentials.create('product', 'bench');
    const admin = await services.sessions.credentials.create('admin', 'bench');
    return {
      authorization: `Basic ${Buffer.from(`${credential.id}:${secret}`).toString('base64')}`,
      admin: `Bearer ${admin.secret}`,
    };
  } finally {
    await services.storage.store.close();
  }
}

async function* feedOf(district: string, students: number): Feed {
  for (let number = 0; number < students; number += 1) yield rowOf({ district, number });
}

const rowOf = (student: Student): AccountRow => ({
  kind: 'account',
  record: 'student',
  role: 'student',
  sisId: sisIdOf(student),
  email: emailOf(student),
  givenName: 'Student',
  familyName: `${student.number}`,
  cleverId: undefined,
  schoolId: undefined,
  grade: undefined,
  place: { file: 'students.csv', line: student.number + 2 },
});

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , id = 'bench', students = '1000'] = process.argv;
  const prepared = await prepareDistricts(process.env, [{ id, students: Number(students) }]);
  process.stdout.write(`${JSON.stringify({ id, students: Number(students), ...prepared })}\n`);
}
