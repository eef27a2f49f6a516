// The message that support sends to the district: for which codes there is one, and in whose words.
import { problemOf } from '../../../src/http/problems.ts';
import { writeDistrictMessage } from '../../../src/http/support/district-message.ts';
import { mismatchRow } from '../../../src/http/support/mismatch-csv.ts';
import { tellNextStep } from '../../../src/http/support/pages/next-step.ts';
import type { Rostering } from '../../../src/roster/district.ts';
import { juniper } from '../../sign-in/decider.ts';
import { codes } from '../pages/page-server.ts';

const message = (code: (typeof codes)[number]) =>
  writeDistrictMessage({ attempt: { code, reference: '1H2SV78Z', at: 0, app: 'summit-k12' }, roster: [] });

describe('the message for the district', () => {
  it.each(codes)('for %s is there only where the district can act or is asked, and speaks as Summit does', (code) => {
    const text = message(code);
    const isAsked = code === 'identity_changed' || ['district', 'wait'].includes(problemOf(code).owner);
    if (!isAsked) expect(text).toBeUndefined();
    else expect(text ?? '').not.toMatch(/\b(we|our|us|my|I)\b/);
  });

  it.each(['service_unavailable', 'district_not_linked', 'clever_misconfigured'] as const)(
    'is none for %s, which Summit mends',
    (code) => expect(message(code)).toBeUndefined(),
  );

  it.each(['roster_pending', 'ambiguous', 'email_mismatch'] as const)('for %s says what to do', (code) => {
    expect(message(code)).toContain('Reference: 1H2S-V78Z');
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

  it.each<[readonly Rostering[], RegExp, RegExp]>([
    [['sftp'], /add the person, or correct the address, in the roster/, /Clever:|Secure Sync|SIS/],
    [
      ['secure-sync:provisioning'],
      /comes from Clever: please share the person .* SK12 Secure Sync .* SIS id/,
      /add the/,
    ],
    [['sftp', 'secure-sync:full'], /add the person.* If Clever sends .* share the person/, /comes from Clever/],
  ])('for not_rostered in a district rostered by %j names who can bring the person in', (rostering, ask, never) => {
    const district = { ...juniper, rostering };
    const attempt = { code: 'not_rostered', reference: '1H2SV78Z', at: 0, app: 'summit-k12' } as const;
    for (const text of [
      writeDistrictMessage({ attempt, roster: [], district }),
      mismatchRow({ attempt, roster: [], district }).at(-1),
    ]) {
      expect(text).toMatch(ask);
      expect(text).not.toMatch(never);
    }
    expect(/shares the person/.test(tellNextStep('not_rostered', district))).toBe(
      rostering.length > 1 || !rostering.includes('sftp'),
    );
  });

  it('for roster_pending tells staff that the person waits, and what the message is for', () => {
    expect(tellNextStep('roster_pending', juniper)).toMatch(
      /^Nothing is wrong with the person.* If they cannot wait, the message/,
    );
  });
});
