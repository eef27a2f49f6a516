import type { Rostering } from '../../src/district/district.ts';
import { type RosterSource, rosterSourceOf } from '../../src/district/roster-source.ts';

describe('where a person of a district comes from', () => {
  it.each<[readonly Rostering[], RosterSource, RosterSource]>([
    [['sftp'], 'district', 'district'],
    [['sftp', 'manual'], 'district', 'district'],
    [['secure-sync:full'], 'clever', 'clever'],
    [['secure-sync:provisioning'], 'clever', 'spreadsheet'],
    [['secure-sync:provisioning', 'sftp'], 'both', 'district'],
    [['manual', 'secure-sync:full'], 'both', 'both'],
  ])('rostered by %j: a student %s, an employee %s', (rostering, ofStudents, ofEmployees) => {
    expect(rosterSourceOf({ rostering }, 'student')).toBe(ofStudents);
    expect(rosterSourceOf({ rostering }, 'employee')).toBe(ofEmployees);
  });

  it('is the district where its rostering is not known', () => {
    expect(rosterSourceOf(undefined, 'unknown')).toBe('district');
  });
});
