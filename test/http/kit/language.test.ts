import express from 'express';
import request from 'supertest';
import { createApp } from '../../../src/http/app.ts';
import { sendNotFound } from '../../../src/http/kit/send-refusal.ts';
import { languages, texts } from '../../../src/outcome/languages.ts';

const router = express.Router();
router.get('/elsewhere', (_request, response) => response.redirect(302, 'https://clever.example/'));
router.post('/form', (incoming, response) => sendNotFound(incoming, response));
const app = createApp({ routers: [router], https: true, onFailure: () => undefined, isStoreSilent: () => false });

async function ask(path: string, headers: Record<string, string> = {}) {
  const answer = await request(app)
    .get(path)
    .set({ accept: 'text/html', ...headers });
  const set: unknown = answer.headers['set-cookie'];
  return {
    tag: answer.headers['content-language'],
    set: Array.isArray(set) ? set.map(String) : [],
    status: answer.status,
    text: answer.text,
  };
}

describe('the language of a page', () => {
  it.each(languages)('is %s by the query, which leaves a cookie that decides from then on', async (language) => {
    const { tag, set, text } = await ask(`/nowhere?lang=${language}&a=1`, { 'accept-language': 'es' });
    expect(tag).toBe(texts[language].tag);
    expect(text).toContain(`<html lang="${tag}" dir="${texts[language].direction}">`);
    expect(set).toEqual([
      expect.stringMatching(
        new RegExp(`^lang=${language}; Max-Age=31536000; Path=/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$`),
      ),
    ]);
    expect((await ask('/nowhere', { cookie: `a=1; lang=${language}`, 'accept-language': 'es' })).tag).toBe(tag);
  });

  it.each([
    ['zh-TW,zh;q=0.9', 'zh-Hans'],
    ['vi-VN', 'vi'],
    ['ar-EG, en;q=0.5', 'ar'],
    ['ht', 'ht'],
    ['pt-BR', 'pt'],
    ['fr-FR, es;q=0.1', 'es'],
    ['fr', 'en'],
    ['', 'en'],
  ])('is by Accept-Language %j: %s', async (given, tag) => {
    expect((await ask('/nowhere', { 'accept-language': given })).tag).toBe(tag);
  });

  it.each(['?lang=fr', '?lang=', '?lang=es&lang=ar', '?lang[]=es', '?lang=constructor', '?lang=%00', '?LANG=es'])(
    'takes nothing from %s',
    async (query) => {
      const { tag, set, status } = await ask(`/nowhere${query}`, { 'accept-language': 'vi', cookie: 'lang=toString' });
      expect([tag, set, status]).toEqual(['vi', [], 404]);
    },
  );

  it('is kept on the way to Clever, and by no form', async () => {
    expect((await ask('/elsewhere?lang=ht')).set).toHaveLength(1);
    const form = await request(app).post('/form?lang=ht').set('accept', 'text/html');
    expect([form.headers['set-cookie'], form.headers['content-language']]).toEqual([undefined, 'ht']);
    expect(form.text).toContain('href="/?lang=ar"');
  });

  it('is also that of a problem document', async () => {
    const { text, tag } = await ask('/nowhere?lang=pt', { accept: 'application/problem+json' });
    expect([tag, JSON.parse(text).title]).toEqual(['pt', texts.pt.pages.notFound.heading]);
  });
});
