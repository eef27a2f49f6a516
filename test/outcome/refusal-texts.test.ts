import { problemDocument } from '../../src/outcome/refusal-texts.ts';
import { audiences, codes, refusal } from '../http/pages/page-server.ts';

describe('problemDocument', () => {
  it('is the body of RFC 9457 with the fields of the contract', () => {
    expect(problemDocument(refusal('email_mismatch', 'employee', 'case'), 'en')).toEqual({
      type: 'urn:summit-k12:sso-bridge:problem:email_mismatch',
      title: 'Your email address in Clever and in the roster do not match',
      status: 403,
      detail: 'Summit K12 compares the two character by character. They differ only in capital and small letters.',
      code: 'email_mismatch',
      reference: '7K3Q-9ZDM-W',
      owner: 'district',
      retryable: false,
      difference: 'case',
    });
  });

  it('leaves reference and difference out where there are none', () => {
    const body = problemDocument({ kind: 'refused', code: 'rate_limited', audience: 'unknown' }, 'es');
    expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'detail', 'code', 'owner', 'retryable']);
  });

  it.each(codes)('gives %s the same title for every reader', (code) => {
    const titles = audiences.map((audience) => problemDocument(refusal(code, audience), 'en').title);
    expect(new Set(titles).size).toBe(1);
  });

  it('holds no address, not even the masked one', () => {
    const bodies = codes.flatMap((code) => audiences.map((audience) => problemDocument(refusal(code, audience), 'en')));
    expect(JSON.stringify(bodies)).not.toContain('•');
  });
});
