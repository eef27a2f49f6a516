import { h } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { copyScript } from '../../../src/http/pages/copy-script.ts';
import { DeadEndPage } from '../../../src/http/pages/dead-end-page.tsx';
import type { Frame } from '../../../src/http/pages/frame.ts';
import { HomePage } from '../../../src/http/pages/home-page.tsx';
import { RefusalPage } from '../../../src/http/pages/refusal-page.tsx';
import { SignedInPage } from '../../../src/http/pages/signed-in-page.tsx';
import { SignedOutPage } from '../../../src/http/pages/signed-out-page.tsx';
import { StartPage } from '../../../src/http/pages/start-page.tsx';
import { type Language, languages, texts } from '../../../src/outcome/languages.ts';
import type { Audience, Refused } from '../../../src/outcome/outcome.ts';
import { type Code, outcomeCodes } from '../../../src/outcome/outcome-codes.ts';
import { pageReaderOf } from '../../../src/outcome/refusal-texts.ts';
import { audiences, codes, contact, differences, refusal, sources } from './page-server.ts';

const frameOf = (language: Language): Frame => ({ language, switchTo: '?', contact, now: 0 });
const render = (refused: Refused, language: Language = 'en') =>
  renderToStaticMarkup(h(RefusalPage, { refused, frame: frameOf(language) }));
const everyPage = languages.flatMap((language) =>
  codes.flatMap((code) => audiences.map((audience): [Language, Code, Audience] => [language, code, audience])),
);
const messageIn = (page: string) => /<blockquote.*?<\/blockquote>/s.exec(page)?.[0] ?? '';
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Audiences whose page a code can be on: before Clever identifies the user, it can be any. */
const beforeAnybody: readonly Code[] = [
  ...(['app_not_shared', 'clever_denied', 'sign_in_expired', 'cookies_blocked', 'malformed_request'] as const),
  ...(['clever_misconfigured', 'clever_rejected', 'clever_unavailable'] as const),
];
const metBy = (code: Code): readonly Audience[] =>
  code === 'user_type_unsupported' || beforeAnybody.includes(code) ? ['unknown'] : audiences;

describe('the refusal page', () => {
  it.each(everyPage)('in %s for %s says to %s what happened, what to do, the reference and the address', (...of) => {
    const [language, code, audience] = of;
    const { heading, what, steps } = texts[language].codes[code][pageReaderOf(audience)];
    const page = render(refusal(code, audience), language);
    const { tag, direction } = texts[language];
    expect(page.startsWith(`<html lang="${tag}" dir="${direction}">`)).toBe(true);
    expect(page).toContain(`<title>${heading} · Summit K12</title>`);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    for (const text of [what, ...steps, '7K3Q-9ZDM-W', 'm•••@s•••.org']) expect(page).toContain(text);
  });

  it.each(languages)('renders every text that there is in %s', (language) => {
    const frame = frameOf(language);
    const refusals = codes.flatMap((code) => metBy(code).map((audience) => refusal(code, audience)));
    const mismatches = differences.flatMap((difference) =>
      (['student', 'employee'] as const).map((audience) => refusal('email_mismatch', audience, difference)),
    );
    const sides = (['clever', 'roster'] as const).map((side) => ({ ...refusal('email_mismatch', 'employee'), side }));
    const bySource = (['not_rostered', 'account_inactive'] as const).flatMap((code) =>
      sources.map((rosterSource) => ({ ...refusal(code, 'employee'), rosterSource })),
    );
    const html = renderToStaticMarkup;
    const logoutField = { name: 'form', value: 'x' };
    const signedIn = (['student', 'teacher', 'staff', 'administrator'] as const).map((role) =>
      html(h(SignedInPage, { name: 'A', role, productUrl: '/', hasDistrictPages: true, logoutField, frame })),
    );
    const pages = [
      ...[...refusals, ...mismatches, ...sides, ...bySource].map((refused) => render(refused, language)),
      html(h(HomePage, { frame })),
      html(h(SignedOutPage, { frame })),
      ...signedIn,
      html(h(StartPage, { app: 'summit-k12', frame })),
      ...(['notFound', 'otherMethod', 'forbidden'] as const).map((kind) => html(h(DeadEndPage, { kind, frame }))),
    ].join('\n');
    const unread = textsIn(texts[language]).filter(([, text]) => !pages.includes(escaped(text)));
    expect(unread).toEqual([]);
  });

  it.each(codes)('for %s offers a sign-in with the same app where that can help today, else none', (code) => {
    const { owner, retryable } = outcomeCodes[code];
    const offered = render(refusal(code, 'unknown')).includes('href="/login?app=summit-k12"');
    expect(offered).toBe((retryable || owner === 'user') && code !== 'roster_pending');
  });

  it.each(languages)('in %s names the button as the step that a child is to take', (language) => {
    const { codes: said, pages } = texts[language];
    for (const code of ['clever_denied', 'cookies_blocked', 'clever_unavailable'] as const) {
      const button = />([^<]*)<\/a>/.exec(render(refusal(code, 'student'), language).split('class="button"')[1] ?? '');
      expect([code, said[code].child.steps.length, button?.[1]]).toEqual([code, 2, pages.tryAgain]);
    }
    expect(render(refusal('clever_denied', 'employee'), language)).toContain(pages.logIn);
  });

  it('puts no space between two sentences in Chinese, as in the message', () => {
    const page = render(refusal('email_mismatch', 'student'), 'zh');
    expect(page).toContain('你没有做错。Clever 里的和这里的不一样。@ 后面的部分不一样。');
    expect(page).not.toContain('。 ');
  });

  it.each(beforeAnybody)('for %s is short enough for a child, with a part for the teacher', (code) => {
    for (const language of languages) {
      const page = render(refusal(code, 'unknown'), language);
      const [before = '', teacher = ''] = page.split('<main>')[1]?.split('<details>') ?? [];
      expect(before).toContain(texts[language].codes[code].child.heading);
      for (const reader of new Set([language, 'en'] as const)) {
        const { heading, what, steps } = texts[reader].codes[code].adult;
        for (const text of [heading, what, ...(steps.length > 1 ? steps : [])]) expect(teacher).toContain(text);
      }
      expect(messageIn(teacher) !== '').toBe(texts.en.codes[code].message !== undefined);
    }
  });

  it('gives the message to send with difference, side, district, date, address and reference, in English as well', () => {
    const refused = { ...refusal('email_mismatch', 'employee', 'whitespace'), side: 'roster' } as const;
    for (const language of languages) {
      const message = messageIn(render(refused, language));
      for (const one of new Set([language, 'en'] as const)) {
        expect(message).toContain(`<div lang="${texts[one].tag}" dir="${texts[one].direction}">`);
        expect(message).toContain(texts[one].differences.whitespace.adult);
        expect(message).toContain(texts[one].sides.roster);
      }
      const facts = ['2026-08-17 14:02 UTC', 'Juniper Flats &lt;ISD> &amp; Friends', 'm•••@s•••.org', '7K3Q-9ZDM-W'];
      for (const fact of facts) expect(message).toContain(fact);
    }
  });

  it('gives the date in the time zone of the district, UTC beside it', () => {
    const refused = { ...refusal('not_rostered', 'employee'), timeZone: 'America/Chicago' };
    expect(messageIn(render(refused, 'es'))).toContain('2026-08-17 09:02 CDT (2026-08-17 14:02 UTC)');
  });

  it.each(languages)('separates the greeting from the name by the comma of the language: %s', (language) => {
    const { comma, pages } = texts[language];
    const logoutField = { name: 'from', value: 'page' };
    const page = renderToStaticMarkup(
      h(SignedInPage, { name: 'Ana', role: 'student', productUrl: '/', logoutField, frame: frameOf(language) }),
    );
    expect(page).toContain(`<h1>${pages.signedIn.greeting}${comma}<bdi translate="no">Ana</bdi></h1>`);
  });

  it('leads to an email that holds the message in English, to support where support must act', () => {
    const hrefOf = (refused: Refused, language: Language) =>
      /href="(mailto:[^"]*\?[^"]*)"/.exec(render(refused, language))?.[1]?.replaceAll('&amp;', '&') ?? '';
    const mail = new URL(hrefOf(refusal('email_mismatch', 'employee', 'case'), 'ar'));
    expect([mail.pathname, mail.searchParams.get('subject')]).toEqual(['', expect.stringContaining('7K3Q-9ZDM-W')]);
    expect(mail.searchParams.get('body')).toMatch(
      /capital and small letters.*\r\nDistrict: Juniper Flats <ISD> & Friends\r\n/s,
    );
    expect(new URL(hrefOf(refusal('identity_changed', 'student'), 'vi')).pathname).toBe('help@summit.example');
  });

  it.each(audiences)('says to %s whom to reach, with links, and is found in each language', (audience) => {
    const page = render(refusal('ambiguous', audience));
    const [, footer = ''] = page.split('<footer>');
    expect(footer).toContain('<a href="mailto:help@summit.example" dir="ltr">help@summit.example</a>');
    expect(footer).toContain('<a href="tel:8005550199" dir="ltr">(800) 555-0199</a>, 8:00 to 16:00 Central');
    expect(footer).toContain('<a href="https://summit.example/help?a=1&amp;b=2" dir="ltr">');
    for (const language of languages) expect(page).toContain(`href="?lang=${language}"`);
  });

  it('has no footer without a support contact', () => {
    const page = h(RefusalPage, {
      refused: refusal('ambiguous', 'unknown'),
      frame: { ...frameOf('en'), contact: undefined },
    });
    expect(renderToStaticMarkup(page)).not.toContain('<footer');
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
      expect(messageIn(page)).toMatch(asked);
      expect(messageIn(page)).not.toMatch(never);
    }
  });

  it('keeps what a teacher needs folded away on a page for a child', () => {
    const page = render(refusal('email_mismatch', 'student'));
    expect(page.indexOf('<blockquote')).toBeGreaterThan(page.indexOf('<details>'));
  });

  it('spells the reference to a screen reader and hides the written one from it', () => {
    const page = render(refusal('ambiguous', 'unknown'));
    expect(page).toContain('<span class="spoken">7 K 3 Q, 9 Z D M, W</span>');
    expect(page).toContain('<span class="sign" dir="ltr" aria-hidden="true" translate="no">7K3Q-9ZDM-W</span>');
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
    const values = { reference: hostile, maskedEmail: hostile, districtName: hostile };
    const page = render({ ...refusal('email_mismatch', audience), ...values });
    expect(page.replace(`<script>${copyScript}</script>`, '')).not.toMatch(/<script|<img/);
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
        frame: frameOf('es'),
      }),
    );
    expect(page).not.toContain('<script');
    expect(page).toContain('Docente');
    expect(page).toContain('¿No es usted?');
  });
});

/** Each text with the path to it; of the facts of a language none. */
function textsIn(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return /\.(tag|direction)$/.test(path) ? [] : [[path, value]];
  return Object.entries(Object(value)).flatMap(([key, one]) => textsIn(one, `${path}.${key}`));
}
