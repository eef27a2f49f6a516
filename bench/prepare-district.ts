// Fills a store for a load or a fault run: a district linked to Clever's, its pupils published through the real
// publisher, and a credential of the product. Run by itself: `node dist/bench/prepare-district.js DISTRICT PUPILS` with
// STORE_URL and STORE_KEYS in the environment; prints one line of JSON.
import { pathToFileURL } from 'node:url';
import { type Environment, readCommandConfig } from '../src/config.ts';
import type { AccountRow, Feed } from '../src/roster/feed.ts';
import { openOffice } from '../src/wire-office.ts';
import { sideBySide } from './drive-sign-ins.ts';
import { cleverDistrictOf, emailOf, type Pupil, sisIdOf } from './pupils.ts';

export interface PreparedDistrict {
  readonly id: string;
  readonly pupils: number;
}

/** Authorization headers: of the product, and of administration. */
export interface PreparedCredentials {
  readonly authorization: string;
  readonly admin: string;
}

/** @throws Error when a district could not be published */
export async function prepareDistricts(
  environment: Environment,
  districts: readonly PreparedDistrict[],
): Promise<PreparedCredentials> {
  const read = readCommandConfig({ SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d', ...environment }, []);
  if (read.kind === 'problems') throw new Error(read.problems.map(({ setting }) => setting).join(', '));
  const office = await openOffice(read.config);
  try {
    await sideBySide(districts, 8, async ({ id, pupils }) => {
      await office.districts.put({ id, cleverId: cleverDistrictOf(id), name: id, rostering: ['sftp'] });
      const { kind } = await office.publisher.publish(id, 'sftp', feedOf(id, pupils), { approve: true });
      if (kind !== 'published') throw new Error(`the roster of ${id} was ${kind}`);
    });
    const { credential, secret } = await office.credentials.create('product', 'bench');
    const admin = await office.credentials.create('admin', 'bench');
    return {
      authorization: `Basic ${Buffer.from(`${credential.id}:${secret}`).toString('base64')}`,
      admin: `Bearer ${admin.secret}`,
    };
  } finally {
    await office.store.close();
  }
}

async function* feedOf(district: string, pupils: number): Feed {
  for (let number = 0; number < pupils; number += 1) yield rowOf({ district, number });
}

const rowOf = (pupil: Pupil): AccountRow => ({
  ...{ kind: 'account', record: 'student', role: 'student', sisId: sisIdOf(pupil), email: emailOf(pupil) },
  ...{ givenName: 'Pupil', familyName: `${pupil.number}`, cleverId: undefined, schoolId: undefined, grade: undefined },
  place: { file: 'students.csv', line: pupil.number + 2 },
});

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , id = 'bench', pupils = '1000'] = process.argv;
  const prepared = await prepareDistricts(process.env, [{ id, pupils: Number(pupils) }]);
  process.stdout.write(`${JSON.stringify({ id, pupils: Number(pupils), ...prepared })}\n`);
}
