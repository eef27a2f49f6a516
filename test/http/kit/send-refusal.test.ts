import { createHash } from 'node:crypto';
import express from 'express';
import request from 'supertest';
import { sendRefusal } from '../../../src/http/kit/send-refusal.ts';
import { copyScript } from '../../../src/http/pages/copy-script.ts';
import { contentSecurityPolicy, style } from '../../../src/http/pages/style.ts';
import { outcomeCodes } from '../../../src/outcome/outcome-codes.ts';
import { codes, createPageApp, plainPages } from '../pages/page-server.ts';

const app = createPageApp();
const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('sendRefusal', () => {
  it.each([
    ['a browser', browserAccept, 'text/html; charset=utf-8'],
    ['a client that accepts anything', '*/*', 'text/html; charset=utf-8'],
    ['a client that accepts neither', 'image/png', 'text/html; charset=utf-8'],
    ['JSON', 'application/json', 'application/problem+json; charset=utf-8'],
    ['problem JSON', 'application/problem+json', 'application/problem+json; charset=utf-8'],
    ['JSON first, then anything', 'application/json, text/plain, */*', 'application/problem+json; charset=utf-8'],
    ['HTML better than JSON', 'application/json;q=0.5, text/html', 'text/html; charset=utf-8'],
  ])('answers %s by Accept', async (_who, accept, type) => {
    const answer = await request(app).get('/email_mismatch/employee').set('Accept', accept);
    expect([answer.status, answer.get('Content-Type')]).toEqual([403, type]);
    expect(answer.get('Vary')).toBe('Accept, Accept-Language');
    expect(answer.get('Cache-Control')).toBe('no-store');
  });

  it.each([
    [undefined, 'en'],
    ['es', 'es'],
    ['es-MX,es;q=0.9,en;q=0.8', 'es'],
    ['es-419', 'es'],
    ['en-US,es;q=0.5', 'en'],
    ['fr', 'en'],
    ['*', 'en'],
    ['\u00ff;;;q=nonsense', 'en'],
  ])('speaks to Accept-Language %j in %s', async (accepted, language) => {
    for (const accept of ['text/html', 'application/json']) {
      const asked = request(app).get('/email_mismatch/employee').set('Accept', accept);
      const answer = await (accepted === undefined ? asked : asked.set('Accept-Language', accepted));
      expect(answer.get('Content-Language')).toBe(language);
      expect(answer.text).toContain(language === 'es' ? 'Su correo electrónico' : 'Your email address');
    }
  });

  it.each(codes)('answers %s with its status and, where the table says so, Retry-After', async (code) => {
    const { status, retryAfterSeconds } = outcomeCodes[code];
    for (const accept of ['text/html', 'application/json']) {
      const answer = await request(app).get(`/${code}/unknown`).set('Accept', accept);
      expect([answer.status, answer.get('Retry-After')]).toEqual([status, retryAfterSeconds?.toString()]);
    }
  });

  it.each([
    ['/session', '*/*', 'application/problem+json'],
    ['/oauth/introspect', undefined, 'application/problem+json'],
    ['/districts/d1/roster', '*/*', 'application/problem+json'],
    ['/.well-known/jwks.json', '*/*', 'application/problem+json'],
    ['/session', browserAccept, 'text/html'],
    ['/sessions', '*/*', 'text/html'],
    ['/', '*/*', 'text/html'],
  ])('%s answers who accepts %j with %s', async (path, accept, type) => {
    const silent = express().use((req, res) =>
      sendRefusal(req, res, { kind: 'refused', code: 'service_unavailable', audience: 'unknown' }),
    );
    const asked = request(silent).get(path);
    const answer = await (accept === undefined ? asked : asked.set('Accept', accept));
    expect([answer.status, answer.type]).toEqual([503, type]);
  });

  it('lets the caller say how long to wait', async () => {
    const limited = express().use((req, res) =>
      sendRefusal(req, res, { kind: 'refused', code: 'rate_limited', audience: 'unknown' }, { retryAfterSeconds: 1.2 }),
    );
    const answer = await request(limited).get('/');
    expect([answer.status, answer.get('Retry-After')]).toEqual([429, '2']);
  });
});

describe('the answers without a code', () => {
  it.each([
    ['/missing', 404],
    ['/forbidden', 403],
    ['/fault', 500],
  ])('%s is a page, or a problem of type about:blank with status %i', async (path, status) => {
    const page = await request(app).get(path).set('Accept', browserAccept);
    expect([page.status, page.type]).toEqual([status, 'text/html']);
    const problem = await request(app).get(path).set('Accept', 'application/json');
    const body: unknown = JSON.parse(problem.text);
    expect(body).toEqual({ type: 'about:blank', title: expect.any(String), status, detail: expect.any(String) });
  });

  it('a launch that is not restarted is a page that starts a sign-in with the same app', async () => {
    const page = await request(app).get('/start').set('Accept', browserAccept);
    expect(page.status).toBe(400);
    expect(page.text).toContain('href="/login?app=secure-sync"');
    const problem = await request(app).get('/start').set('Accept', 'application/json');
    expect(JSON.parse(problem.text)).toMatchObject({ status: 400, code: 'sign_in_expired' });
  });
});

describe('the content security policy', () => {
  it('allows exactly the style of every page and the script of a message', async () => {
    for (const path of plainPages) {
      const answer = await request(app).get(path);
      expect(answer.text).toContain(`<style>${style}</style>`);
      expect(answer.text).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:/i);
      expect(answer.get('Content-Security-Policy')).toMatch(
        /^default-src 'none';script-src 'sha256-[^' ;]+';style-src 'sha256-[^;]+';/,
      );
    }
    const message = (await request(app).get('/email_mismatch/employee')).text;
    expect([...message.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script)).toEqual([copyScript]);
    const hash = createHash('sha256').update(copyScript).digest('base64');
    expect(contentSecurityPolicy.directives.scriptSrc).toEqual([`'sha256-${hash}'`]);
    expect(JSON.stringify(contentSecurityPolicy)).not.toMatch(/unsafe|\*/);
  });
});
