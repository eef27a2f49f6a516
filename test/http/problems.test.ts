import type { Language } from '../../src/http/language.ts';
import { problemDocument } from '../../src/http/problem-document.ts';
import { problemTexts } from '../../src/http/problem-texts.ts';
import { problemOf } from '../../src/http/problems.ts';
import { audiences, codes, differences, refusal } from './pages/page-server.ts';

// Contract section 3, line by line.
const contract = [
  ['user_type_unsupported', 403, 'district', false],
  ['district_not_linked', 403, 'summit', false],
  ['roster_pending', 403, 'wait', true],
  ['email_missing', 403, 'district', false],
  ['email_invalid', 403, 'district', false],
  ['ambiguous', 403, 'district', false],
  ['role_conflict', 403, 'district', false],
  ['account_inactive', 403, 'district', false],
  ['email_mismatch', 403, 'district', false],
  ['not_rostered', 403, 'district', false],
  ['identity_changed', 403, 'summit', false],
  ['app_not_shared', 403, 'district', false],
  ['clever_denied', 403, 'user', true],
  ['sign_in_expired', 400, 'user', true],
  ['cookies_blocked', 400, 'user', true],
  ['malformed_request', 400, 'user', false],
  ['clever_misconfigured', 502, 'summit', false],
  ['clever_rejected', 502, 'clever', true],
  ['clever_unavailable', 503, 'clever', true],
  ['service_unavailable', 503, 'summit', true],
  ['rate_limited', 429, 'wait', true],
] as const;
const languages: readonly Language[] = ['en', 'es'];

describe('the table of problems', () => {
  it.each(contract)('says of %s: %i, owner %s, retryable %s', (code, status, owner, retryable) => {
    expect(problemOf(code)).toMatchObject({ status, owner, retryable });
  });

  it('has the codes of the contract and no other', () => {
    expect([...codes].sort()).toEqual(contract.map(([code]) => code).sort());
  });

  it('says when to come back where the contract asks for Retry-After, and only there', () => {
    const told = codes.filter((code) => problemOf(code).retryAfterSeconds !== undefined).sort();
    expect(told).toEqual(['clever_unavailable', 'rate_limited', 'service_unavailable']);
  });
});

describe.each(languages)('the words in %s', (language) => {
  const texts = problemTexts[language];

  it.each(codes)('tell every audience what %s means and what to do', (code) => {
    for (const audience of audiences) {
      const { heading, what, steps } = texts.codes[code][audience];
      for (const text of [heading, what, ...steps]) expect(text).toMatch(/^[¿¡]?\p{Lu}.*\S$/u);
      expect(steps.length).toBeGreaterThan(0);
    }
  });

  it.each(codes)('hold a message to send for %s exactly where somebody else must act on it', (code) => {
    const { owner, retryable } = problemOf(code);
    const wanted = code === 'roster_pending' || ((owner === 'district' || owner === 'summit') && !retryable);
    expect(texts.codes[code].message !== undefined).toBe(wanted);
  });

  it.each(codes)('are short for a child who meets %s', (code) => {
    const { heading, what, steps } = texts.codes[code].student;
    const sentences = [heading, ...[what, ...steps].flatMap((text) => text.split(/(?<=[.?!]) /))];
    for (const sentence of sentences) expect(sentence.split(' ').length).toBeLessThanOrEqual(11);
    expect(sentences.length).toBeLessThanOrEqual(5);
  });

  it('differ from one difference to the next', () => {
    for (const audience of audiences) {
      expect(new Set(differences.map((difference) => texts.differences[difference][audience])).size).toBe(6);
    }
  });

  it('never speak of another district, whatever the code', () => {
    expect(JSON.stringify(texts)).not.toMatch(/another district|other district|otro distrito/i);
  });
});

describe('problemDocument', () => {
  it('is the body of RFC 9457 with the fields of the contract', () => {
    expect(problemDocument(refusal('email_mismatch', 'employee', 'case'), 'en')).toEqual({
      type: 'urn:summit-k12:sso-bridge:problem:email_mismatch',
      title: 'Your email address in Clever and in the roster do not match',
      status: 403,
      detail: 'Summit K12 compares the two character by character. They differ only in capital and small letters.',
      code: 'email_mismatch',
      reference: '7K3Q-9ZDM',
      owner: 'district',
      retryable: false,
      difference: 'case',
    });
  });

  it('leaves reference and difference out where there are none', () => {
    const body = problemDocument({ kind: 'refused', code: 'rate_limited', audience: 'unknown' }, 'es');
    expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'detail', 'code', 'owner', 'retryable']);
  });

  it.each(codes)('gives %s the same title whoever is told', (code) => {
    const titles = audiences.map((audience) => problemDocument(refusal(code, audience), 'en').title);
    expect(new Set(titles).size).toBe(1);
  });

  it('holds no address, not even the masked one', () => {
    const bodies = codes.flatMap((code) => audiences.map((audience) => problemDocument(refusal(code, audience), 'en')));
    expect(JSON.stringify(bodies)).not.toContain('•');
  });
});
