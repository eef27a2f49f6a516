import { readIdentity } from '../../src/identity/identity.ts';

const claims = { sub: '58da8c63d7dc0ca068001a01', district: '58da8a43cc70ab00017a1a87', user_type: 'student' };

describe('readIdentity', () => {
  it.each([
    ['student', 'student'],
    ['teacher', 'employee'],
    ['staff', 'employee'],
    ['school_admin', 'employee'],
    ['district_admin', 'employee'],
    ['district admin', 'employee'],
  ])('reads the user type %s as kind %s', (user_type, kind) => {
    expect(readIdentity({ ...claims, user_type })).toMatchObject({ kind: 'identity', identity: { kind } });
  });

  it.each([['contact'], ['Student'], [''], [undefined], [['student']], ['constructor']])(
    'refuses the user type %j',
    (user_type) => {
      expect(readIdentity({ ...claims, user_type })).toEqual({ kind: 'refused', code: 'user_type_unsupported' });
    },
  );

  it('takes the Clever id from sub, never from user_id', () => {
    const read = readIdentity({ ...claims, user_id: 'another', multi_role_user_id: 'another' });
    expect(read).toMatchObject({ identity: { cleverId: claims.sub } });
  });

  it('leaves out what Clever left out', () => {
    expect(readIdentity({ ...claims, given_name: null })).toMatchObject({
      identity: { email: { kind: 'absent' }, givenName: undefined, familyName: undefined },
    });
  });

  it.each([[{ id: 'x' }], [7], ['a\ud800'], ['\udc00']])('reads no text from %j', (value) => {
    expect(readIdentity({ ...claims, sub: value })).toEqual({ kind: 'refused', code: 'user_type_unsupported' });
    expect(readIdentity({ ...claims, district: value, given_name: value, family_name: value })).toMatchObject({
      identity: { cleverDistrict: undefined, givenName: undefined, familyName: undefined },
    });
  });

  it.each([[{ address: 'a@b.example' }], [['a@b.example']], [7], ['a\ud800@b.example']])(
    'reads %j as no address',
    (email) => {
      expect(readIdentity({ ...claims, email })).toMatchObject({ identity: { email: { kind: 'invalid' } } });
    },
  );
});
