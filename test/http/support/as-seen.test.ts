// What the person saw, in the language in which they saw it, with English beside it.
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';

let storeFixture: StoreFixture;
let clock: MovableClock;
let pages: SupportFixture;

beforeAll(async () => {
  storeFixture = await embedded.start();
  clock = createClock();
  pages = await startSupport(await storeFixture.place().open(clock), { clock });
});
afterAll(async () => {
  await pages?.stop();
  await storeFixture?.stop();
});

async function read(language: 'ar' | 'es' | 'en' | undefined) {
  const { attempts } = pages.services;
  const clever = { user_type: 'student', email: 'a@b.example' };
  const facts = { code: 'not_rostered', app: 'summit-k12', at: clock(), clever } as const;
  const { reference } = await attempts.record({ ...facts, ...(language && { language }) });
  const path = `/support/attempts/${reference}`;
  const page = await pages.ask('GET', path, { headers: { ...pages.headers.support, accept: 'text/html' } });
  const { json } = await pages.ask('GET', path, { headers: pages.headers.support });
  return { page: page.text, saw: Object(json['saw']) };
}

it('is shown from right to left where it was, and in English', async () => {
  const { page, saw } = await read('ar');
  expect(saw).toMatchObject({ language: 'ar', as_seen: { lang: 'ar', dir: 'rtl' } });
  expect(saw.as_seen.what).toMatch(/\p{Script=Arabic}/u);
  expect(page).toContain(`<p class="seen" lang="ar" dir="rtl">${saw.as_seen.heading}. ${saw.as_seen.what}</p>`);
  expect(page).toContain('Arabic; in English:');
  expect(page).toContain(`${saw.heading}. ${saw.what}`);
});

it('is shown once where it was English, and where no language was kept', async () => {
  for (const language of ['en', undefined] as const) {
    const { page, saw } = await read(language);
    expect(saw).toMatchObject({ language: language ?? null, as_seen: null });
    expect(page).toContain(`${saw.heading}. ${saw.what}`);
    expect(page).not.toContain('class="seen"');
  }
});
