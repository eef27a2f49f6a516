// The message that support sends to the district: for which codes there is one, and in whose words.
import { problemOf } from '../../../src/http/problems.ts';
import { writeDistrictMessage } from '../../../src/http/support/district-message.ts';
import { codes } from '../pages/page-server.ts';

const message = (code: (typeof codes)[number]) =>
  writeDistrictMessage({ attempt: { code, reference: '1H2SV78Z', at: 0, app: 'summit-k12' }, roster: [] });

describe('the message for the district', () => {
  it.each(codes)('for %s is there only where the district can act, and speaks as Summit does', (code) => {
    const text = message(code);
    if (!['district', 'wait'].includes(problemOf(code).owner)) expect(text).toBeUndefined();
    else expect(text ?? '').not.toMatch(/\b(we|our|us|my|I)\b/);
  });

  it.each(['identity_changed', 'district_not_linked', 'clever_misconfigured'] as const)(
    'is none for %s, which Summit mends',
    (code) => expect(message(code)).toBeUndefined(),
  );

  it.each(['roster_pending', 'ambiguous', 'email_mismatch'] as const)('for %s says what to do', (code) => {
    expect(message(code)).toContain('Reference: 1H2S-V78Z');
  });

  it('leaves a place for who it is where Clever did not say', () => {
    expect(message('app_not_shared')).toContain('Who: (Clever did not say; please fill in)');
  });
});
