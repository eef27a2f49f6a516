// The settings of a district's files, as they are sent over HTTP.
import { readDistrict } from '../../src/district/read-district.ts';

const quartz = { clever_id: 'c0ffee', name: 'Quartz', rostering: ['sftp'] };

it('says nothing of a setting that is left out', () => {
  expect(readDistrict('quartz', quartz)).toMatchObject({
    district: {
      settings: {
        oneRosterEmail: undefined,
        oneRosterId: undefined,
        districtAdmins: undefined,
        schoolAdmins: undefined,
        timeZone: undefined,
      },
    },
  });
});

it('takes the settings that are sent', () => {
  const sent = {
    oneroster_email: 'username',
    oneroster_id: 'identifier',
    district_admins: 'allow',
    school_admins: 'allow',
    time_zone: 'America/Los_Angeles',
  };
  expect(readDistrict('quartz', { ...quartz, ...sent })).toMatchObject({
    district: {
      settings: {
        oneRosterEmail: 'username',
        oneRosterId: 'identifier',
        districtAdmins: 'allow',
        schoolAdmins: 'allow',
        timeZone: 'America/Los_Angeles',
      },
    },
  });
});

it.each(['oneroster_email', 'oneroster_id', 'district_admins', 'school_admins', 'time_zone'])(
  'names %s where it is none of its words',
  (field) => {
    expect(readDistrict('quartz', { ...quartz, [field]: 'other' })).toMatchObject({
      kind: 'problems',
      problems: [{ field, message: expect.stringMatching(/^must be /) }],
    });
  },
);
