// Writes the demo's rosters beside itself; run after a change to people.ts, and commit what it writes. Each district's
// `-before` folder is what it sent the day before: with the person who has left.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
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

export async function writeDemoRosters(folder: string): Promise<void> {
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
