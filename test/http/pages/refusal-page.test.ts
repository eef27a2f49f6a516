import { h } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import type { Language } from '../../../src/http/language.ts';
import { RefusalPage } from '../../../src/http/pages/refusal-page.tsx';
import { SignedInPage } from '../../../src/http/pages/signed-in-page.tsx';
import { problemTexts } from '../../../src/http/problem-texts.ts';
import { problemOf } from '../../../src/http/problems.ts';
import type { Audience, Code, Refused } from '../../../src/sign-in/outcome.ts';
import { audiences, codes, refusal } from './page-server.ts';

const languages: readonly Language[] = ['en', 'es'];
const render = (refused: Refused, language: Language = 'en') =>
  renderToStaticMarkup(h(RefusalPage, { refused, language }));
const everyPage = languages.flatMap((language) =>
  codes.flatMap((code) => audiences.map((audience): [Language, Code, Audience] => [language, code, audience])),
);

describe('the refusal page', () => {
  it.each(everyPage)('in %s for %s says to %s what happened, what to do, the reference and the address', (...of) => {
    const [language, code, audience] = of;
    const { heading, what, steps } = problemTexts[language].codes[code][audience];
    const page = render(refusal(code, audience), language);
    expect(page.startsWith(`<html lang="${language}">`)).toBe(true);
    expect(page).toContain(`<title>${heading} · Summit K12</title>`);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    for (const text of [what, ...steps, '7K3Q-9ZDM', 'm•••@s•••.org']) expect(page).toContain(text);
  });

  it.each(codes)('for %s offers a sign-in with the same app where that can help, else none', (code) => {
    const { owner, retryable } = problemOf(code);
    const offered = render(refusal(code, 'unknown')).includes('href="/login?app=summit-k12"');
    expect(offered).toBe(retryable || owner === 'user');
  });

  it('gives an employee the message to send, with difference, address and reference', () => {
    const page = render(refusal('email_mismatch', 'employee', 'local_part'));
    const message = /<blockquote.*?<\/blockquote>/.exec(page)?.[0];
    expect(message).toContain('They differ in the part before the @ sign.');
    expect(message).toContain('m•••@s•••.org');
    expect(message).toContain('7K3Q-9ZDM');
  });

  it.each([
    ['en', 'clever', /share the person with the app SK12 Secure Sync/, /please add/i],
    [
      'es',
      'clever',
      /comparta a la persona con la aplicación SK12 Secure Sync/,
      /hoja de cálculo|agregue a la persona/,
    ],
    ['en', 'spreadsheet', /spreadsheet of teachers and staff/, /Secure Sync/],
    ['es', 'spreadsheet', /hoja de cálculo de docentes y personal/, /Secure Sync/],
    ['en', 'both', /add the person.*comes from Clever: please share/, /spreadsheet/],
    ['es', 'both', /agregue a la persona.*vienen de Clever: por favor, comparta/, /hoja de cálculo/],
  ] as const)('in %s asks where the roster comes from (%s), in the message of either audience', (...of) => {
    const [language, rosterSource, asked, never] = of;
    for (const audience of ['student', 'employee'] as const) {
      const page = render({ ...refusal('not_rostered', audience), rosterSource }, language);
      const message = /<blockquote.*?<\/blockquote>/.exec(page)?.[0] ?? '';
      expect(message).toMatch(asked);
      expect(message).not.toMatch(never);
      expect(page.replace(message, '')).not.toMatch(/Secure Sync|spreadsheet|hoja/);
    }
  });

  it('keeps what a teacher needs folded away on a page for a child', () => {
    const page = render(refusal('email_mismatch', 'student'));
    expect(page.indexOf('<blockquote')).toBeGreaterThan(page.indexOf('<details>'));
  });

  it('spells the reference to a screen reader and hides the written one from it', () => {
    const page = render(refusal('ambiguous', 'unknown'));
    expect(page).toContain('<span class="spoken">7 K 3 Q, 9 Z D M</span>');
    expect(page).toContain('<span class="sign" aria-hidden="true" translate="no">7K3Q-9ZDM</span>');
  });

  it('says nothing of a reference or an address where there is none', () => {
    const page = render({ kind: 'refused', code: 'not_rostered', audience: 'employee' });
    expect(page).not.toMatch(/Reference|Your address in Clever|Not your address/);
  });

  it('shows nothing else of a refusal, whatever comes with it', () => {
    const overfull = {
      ...refusal('email_mismatch', 'employee'),
      email: 'maria@school.org',
      reason: 'leak',
      name: 'Zoe',
    };
    for (const audience of audiences) {
      expect(render({ ...overfull, audience })).toBe(render(refusal('email_mismatch', audience)));
    }
  });

  it.each(audiences)('escapes hostile values for %s', (audience) => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const page = render({ ...refusal('email_mismatch', audience), reference: hostile, maskedEmail: hostile });
    expect(page).not.toMatch(/<script|<img/);
    expect(page).toContain('&lt;script');
  });
});

describe('the signed-in page', () => {
  it('escapes the name and the hidden field', () => {
    const page = renderToStaticMarkup(
      h(SignedInPage, {
        name: '<script>x</script>',
        role: 'teacher',
        productUrl: 'https://product.example/"><script>',
        logoutField: { name: 'from', value: '"><script>' },
        language: 'es',
      }),
    );
    expect(page).not.toContain('<script');
    expect(page).toContain('Docente');
    expect(page).toContain('¿No es usted?');
  });
});
