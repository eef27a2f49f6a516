// Writes the demo's rosters beside itself; run after a change to people.ts, and commit what it writes. Each district's
// `-before` folder is what it sent the day before: with the person who has left. `clever-users.csv` is a list for pre-flight.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { juniperFlats, portWexley } from '../clever/districts.ts';
import { demoPeople, otherRosterEntries, type RosterEntry } from '../clever/people.ts';
import type { District } from '../clever/person.ts';
import { type DistrictShape, writeDistrict } from '../district-maker.ts';

/** The shape of a demo district's roster, of today or the day before. */
export function demoShape(slug: string, day: 'today' | 'before' = 'today'): DistrictShape {
  const { district, ...shape } = slug === juniperFlats.slug ? juniper : wexley;
  return { ...shape, cleverDistrict: district.id, extra: entriesOf(district, day) };
}

const size = { students: 48, teachers: 10, staff: 6, classesPerStudent: 1 };
const juniper = {
  ...size,
  district: juniperFlats,
  seed: 11,
  lineEnds: 'mixed' as const,
  headerStyle: 'School_id' as const,
  domain: 'juniperflats.example',
};
const wexley = {
  ...size,
  district: portWexley,
  seed: 12,
  lineEnds: 'crlf' as const,
  headerStyle: 'School id' as const,
  domain: 'portwexley.example',
};

function entriesOf(district: District, day: 'today' | 'before'): readonly RosterEntry[] {
  const people = demoPeople.filter((one) => one.district === district.id);
  return [
    ...people.flatMap((one) => one.rostered),
    ...(otherRosterEntries[district.slug] ?? []),
    ...(day === 'before' ? people.flatMap((one) => one.formerly ?? []) : []),
  ];
}

/** The list of Juniper Flats' users that pre-flight reads, as the district would export it from Clever. */
export function cleverUsers(): string {
  const people = demoPeople.filter((one) => one.district === juniperFlats.id);
  return stringify([
    ['Clever id', 'User type', 'Email', 'First name', 'Last name'],
    ...people.map(({ id, userType, email, givenName, familyName }) => [id, userType, email, givenName, familyName]),
  ]);
}

export async function writeDemoRosters(folder: string): Promise<void> {
  await writeFile(join(folder, 'clever-users.csv'), cleverUsers());
  for (const slug of [juniperFlats.slug, portWexley.slug]) {
    for (const [name, day] of [
      [slug, 'today'],
      [`${slug}-before`, 'before'],
    ] as const) {
      if (day === 'before' && slug !== juniperFlats.slug) continue;
      await rm(join(folder, name), { recursive: true, force: true });
      await writeDistrict(join(folder, name), demoShape(slug, day));
    }
  }
}
