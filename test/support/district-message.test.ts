// The message that support sends to the district: for which codes there is one, and in whose words.

import type { Rostering } from '../../src/district/district.ts';
import type { Difference } from '../../src/identity/explain-mismatch.ts';
import { outcomeCodes } from '../../src/outcome/outcome-codes.ts';
import type { AttemptDetail } from '../../src/support/attempt-detail.ts';
import {
  describeNextStep,
  mismatchHeader,
  mismatchRow,
  writeDistrictMessage,
} from '../../src/support/district-message.ts';
import { codes } from '../http/pages/page-server.ts';
import { juniper } from '../sign-in/decider.ts';

const message = (code: (typeof codes)[number]) =>
  writeDistrictMessage({ attempt: { code, reference: '1H2SV78Z', at: 0, app: 'summit-k12' }, roster: [] });

describe('the message for the district', () => {
  it.each(codes)('for %s is there only where the district can act or is asked, and speaks as Summit does', (code) => {
    const text = message(code);
    const isAsked = code === 'identity_changed' || ['district', 'wait'].includes(outcomeCodes[code].owner);
    if (!isAsked) expect(text).toBeUndefined();
    else expect(text ?? '').not.toMatch(/\b(we|our|us|my|I)\b/);
  });

  it.each(['service_unavailable', 'district_not_linked', 'clever_misconfigured'] as const)(
    'is none for %s, which Summit mends',
    (code) => expect(message(code)).toBeUndefined(),
  );

  it.each(['roster_pending', 'ambiguous', 'email_mismatch'] as const)('for %s says what to do', (code) => {
    expect(message(code)).toContain('Reference: 1H2S-V78Z-Q');
  });

  it.each<[readonly Rostering[], RegExp, RegExp]>([
    [
      ['sftp'],
      /student_emails\.csv[\s\S]*Auto Sync[\s\S]*users\.csv of OneRoster/,
      /spreadsheet sent|read from Clever/,
    ],
    [['manual'], /student_emails\.csv[\s\S]*In the spreadsheet sent/, /OneRoster|read from Clever/],
    [
      ['secure-sync:full'],
      /student_emails\.csv[\s\S]*read from Clever itself every night/,
      /OneRoster|spreadsheet sent/,
    ],
    [['manual', 'secure-sync:provisioning'], /In the spreadsheet sent[\s\S]*read from Clever itself/, /OneRoster/],
  ])('for email_mismatch in a district by %j names the likely places', (rostering, named, unnamed) => {
    const attempt = { reference: '1H2SV78Z', at: 0, app: 'summit-k12' } as const;
    const district = { ...juniper, rostering };
    const text = writeDistrictMessage({ attempt: { ...attempt, code: 'email_mismatch' }, roster: [], district }) ?? '';
    expect(text).toMatch(named);
    expect(text).not.toMatch(unnamed);
    const other = writeDistrictMessage({ attempt: { ...attempt, code: 'email_missing' }, roster: [], district });
    expect(other).not.toContain('may come from');
  });

  it('is there for an attempt that closed because Clever did not say who it was, not for one that is over', () => {
    const attempt = { code: 'app_not_shared', reference: '1H2SV78Z', at: 0, app: 'summit-k12' } as const;
    const of = (state: AttemptDetail['state']) => writeDistrictMessage({ attempt, roster: [], state });
    expect(of({ state: 'resolved', wouldMatchNow: false })).toContain('Please share the app');
    expect(of({ state: 'resolved', resolvedAt: 1, wouldMatchNow: false })).toBeUndefined();
    expect(of({ state: 'mended', wouldMatchNow: true })).toBeUndefined();
  });

  it('leaves a place for who it is where Clever did not say', () => {
    expect(message('app_not_shared')).toContain('Who: (Clever did not say; please fill in)');
  });

  it('asks for identity_changed whether login and account are one person’s, with the login’s own data alone', () => {
    const clever = { clever_id: 'clever-new', email: 'shared@juniper.example' };
    const place = { file: 'students.csv', line: 4 };
    const account = { account: 'a', record: 'student', sisId: 'sis-former', method: 'sftp', place } as const;
    const value = { ...account, email: clever.email, publishedAt: 0, difference: undefined, looksAlike: true };
    const attempt = { code: 'identity_changed', reference: '1H2SV78Z', at: 0, app: 'summit-k12', clever } as const;
    const text = writeDistrictMessage({ attempt, roster: [value] }) ?? '';
    expect(text).toMatch(
      /Clever id: clever-new[\s\S]*shared@juniper\.example[\s\S]*the one whom the account belongs to\?/,
    );
    expect(text).not.toMatch(/sis-former|students\.csv/);
  });

  it.each<[string, readonly Rostering[], RegExp, RegExp, RegExp]>([
    [
      'student',
      ['sftp'],
      /add the person, or correct the address, in the roster/,
      /Secure Sync|SIS/,
      /to the roster it/,
    ],
    [
      'student',
      ['secure-sync:provisioning'],
      /comes from Clever: please share the person .* SK12 Secure Sync .* SIS id.* signs in again, and every night/,
      /add the|spreadsheet/,
      /it shares the person with the app SK12 Secure Sync/,
    ],
    [
      'teacher',
      ['secure-sync:provisioning'],
      /in the spreadsheet of teachers and staff/,
      /share the person|every night/,
      /adds the person to the spreadsheet of teachers and staff .*published\.$/,
    ],
    ['school_admin', ['secure-sync:full'], /comes from Clever/, /spreadsheet|add the person/, /it shares the person/],
    [
      'student',
      ['sftp', 'secure-sync:full'],
      /add the person.* comes from Clever: please share/,
      /The roster comes/,
      /adds the person to the roster it sends, or shares/,
    ],
  ])('for not_rostered of a %s in a district rostered by %j names who can bring the person in', (...of) => {
    const [user_type, rostering, ask, never, step] = of;
    const district = { ...juniper, rostering };
    const clever = { user_type };
    const attempt = { code: 'not_rostered', reference: '1H2SV78Z', at: 0, app: 'summit-k12', clever } as const;
    for (const text of [
      writeDistrictMessage({ attempt, roster: [], district }),
      mismatchRow({ attempt, roster: [], district })[mismatchHeader.indexOf('what_to_do')],
    ]) {
      expect(text).toMatch(ask);
      expect(text).not.toMatch(never);
    }
    expect(describeNextStep(attempt, district)).toMatch(step);
  });

  it('for account_inactive does not promise a reading at the sign-in, which is not made for people who left', () => {
    const district = { ...juniper, rostering: ['secure-sync:full'] } as const;
    const attempt = { code: 'account_inactive', reference: '1H2SV78Z', at: 0, app: 'summit-k12' } as const;
    for (const text of [writeDistrictMessage({ attempt, roster: [], district }), describeNextStep(attempt, district)]) {
      expect(text).toMatch(/SK12 Secure Sync.*every night/);
      expect(text).not.toMatch(/signs in again/);
    }
  });

  const cellOf = (row: ReturnType<typeof mismatchRow>, name: (typeof mismatchHeader)[number]) =>
    row[mismatchHeader.indexOf(name)];

  it('in the file for ambiguous names the place of each account', () => {
    const at = (account: string, line: number) => {
      const value = { account, record: 'student', sisId: account, method: 'sftp', email: 'a@x.example' } as const;
      const place = { file: 'students.csv', line };
      return { ...value, place, publishedAt: 0, difference: undefined, looksAlike: true };
    };
    const attempt = { code: 'ambiguous', reference: '1H2SV78Z', at: 0, app: 'summit-k12' } as const;
    const row = mismatchRow({ attempt, roster: [at('a', 92), at('b', 93)], district: juniper });
    expect(cellOf(row, 'roster_place')).toBe('SFTP, students.csv, line 92; SFTP, students.csv, line 93');
  });

  it('in the file for a family contact asks for no change', () => {
    const attempt = { code: 'user_type_unsupported', reference: '1H2SV78Z', at: 0, app: 'summit-k12' } as const;
    const row = (user_type: string) =>
      mismatchRow({ attempt: { ...attempt, clever: { user_type } }, roster: [], district: juniper });
    expect(cellOf(row('contact'), 'what_to_do')).toMatch(/^Nothing to change: this is a family contact/);
    expect(cellOf(row('parent'), 'what_to_do')).toMatch(/^Please check in Clever/);
  });

  it('for roster_pending says to staff that the person waits, and what the message is for', () => {
    expect(describeNextStep({ code: 'roster_pending' }, juniper)).toMatch(
      /^Nothing is wrong with the person.* If they cannot wait, the message/,
    );
  });

  const mismatchOf = (difference: Difference, email: string | undefined, looksAlike = false) => {
    const clever = { clever_id: 'clever-1', email: 'ada.lee@juniper.example' };
    const place = { file: 'students.csv', line: 4 };
    const account = { account: 'a', record: 'student', sisId: 's1', method: 'sftp', place } as const;
    const value = { ...account, email, publishedAt: 0, difference: undefined, looksAlike };
    const attempt = {
      code: 'email_mismatch',
      difference,
      reference: '1H2SV78Z',
      at: 0,
      app: 'summit-k12',
      clever,
    } as const;
    return writeDistrictMessage({ attempt, roster: [value], district: juniper }) ?? '';
  };

  it('for an address that differs says what each side has, and where each is changed', () => {
    const domain = mismatchOf('domain', 'ada.lee@old.example');
    expect(domain).toContain('After the @ sign Clever has "juniper.example" and the roster has "old.example".');
    expect(domain).toMatch(/see SFTP, students\.csv, line 4[\s\S]*change the roster at the place above/);
    const local = mismatchOf('local_part', 'alee@juniper.example');
    expect(local).toContain('Before the @ sign Clever has "ada.lee"; the roster has something else there');
    expect(`${domain}${local}`).not.toMatch(/ada\.lee@old|alee@/);
  });

  it('for a person without an address in the roster asks for one, not to make two the same', () => {
    const text = mismatchOf('no_email', undefined);
    expect(text).toContain('The roster has no address: SFTP, students.csv, line 4');
    expect(text).toContain('Please give this person in the roster the same email address as in Clever.');
    expect(text).not.toMatch(/make both|If the address in Clever is right/);
  });
});
