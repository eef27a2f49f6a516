// Serves every page the way the app does: same senders, same content security policy, on a loopback port.
import { once } from 'node:events';
import express from 'express';
import helmet from 'helmet';
import { h } from 'preact';
import type { RosterSource } from '../../../src/district/district.ts';
import { createKeepLanguage } from '../../../src/http/kit/language.ts';
import { sendPage, supportContact } from '../../../src/http/kit/send-page.ts';
import {
  sendForbidden,
  sendInternalError,
  sendNotFound,
  sendRefusal,
  sendStart,
} from '../../../src/http/kit/send-refusal.ts';
import type { Frame } from '../../../src/http/pages/frame.ts';
import { HomePage } from '../../../src/http/pages/home-page.tsx';
import { SignedInPage } from '../../../src/http/pages/signed-in-page.tsx';
import { SignedOutPage } from '../../../src/http/pages/signed-out-page.tsx';
import { contentSecurityPolicy } from '../../../src/http/pages/style.ts';
import type { Difference } from '../../../src/identity/explain-mismatch.ts';
import type { Audience, Refused } from '../../../src/outcome/outcome.ts';
import { type Code, outcomeCodes } from '../../../src/outcome/outcome-codes.ts';

export const contact =
  'help@summit.example · (800) 555-0199, 8:00 to 16:00 Central · https://summit.example/help?a=1&b=2';
export const codes = Object.keys(outcomeCodes) as Code[];
export const audiences: readonly Audience[] = ['student', 'employee', 'unknown'];
export const differences: readonly Difference[] = [
  'whitespace',
  'unicode',
  'case',
  'domain',
  'local_part',
  'other',
  'no_email',
];
export const sources: readonly RosterSource[] = ['clever', 'both', 'spreadsheet'];
export const plainPages = ['/home', '/signed-in', '/signed-out', '/start', '/missing', '/forbidden', '/fault'] as const;

export function refusal(code: Code, audience: Audience, difference?: Difference): Refused {
  return {
    kind: 'refused',
    code,
    audience,
    app: 'summit-k12',
    reference: '7K3Q9ZDM',
    maskedEmail: 'm•••@s•••.org',
    at: Date.UTC(2026, 7, 17, 14, 2),
    districtName: 'Juniper Flats <ISD> & Friends',
    ...(code === 'email_mismatch' && { difference: difference ?? 'domain' }),
  };
}

export interface PageServer {
  readonly origin: string;
  close(): void;
}

export async function openPageServer(): Promise<PageServer> {
  const server = createPageApp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export function createPageApp(refuse: typeof refusal = refusal) {
  const app = express();
  app.set(supportContact, contact);
  app.use(createKeepLanguage(false));
  app.use(helmet({ contentSecurityPolicy }));
  for (const code of codes)
    for (const audience of audiences) {
      app.get(`/${code}/${audience}`, (request, response) => {
        sendRefusal(request, response, refuse(code, audience));
      });
    }
  for (const difference of differences) {
    app.get(`/email_mismatch/:audience/${difference}`, (request, response) => {
      const audience = audiences.find((one) => one === request.params.audience) ?? 'unknown';
      sendRefusal(request, response, refuse('email_mismatch', audience, difference));
    });
  }
  for (const rosterSource of sources) {
    app.get(`/not_rostered/:audience/${rosterSource}`, (request, response) => {
      const audience = audiences.find((one) => one === request.params.audience) ?? 'unknown';
      sendRefusal(request, response, { ...refuse('not_rostered', audience), rosterSource });
    });
  }
  app.get('/home', (request, response) => sendPage(request, response, 200, (frame) => h(HomePage, { frame })));
  app.get('/signed-in', (request, response) => sendPage(request, response, 200, signedIn));
  app.get('/signed-out', (request, response) =>
    sendPage(request, response, 200, (frame) => h(SignedOutPage, { frame })),
  );
  app.get('/start', (request, response) => sendStart(request, response, 'secure-sync'));
  app.get('/forbidden', (request, response) => sendForbidden(request, response));
  app.get('/fault', (request, response) => sendInternalError(request, response));
  app.use((request, response) => sendNotFound(request, response));
  return app;
}

function signedIn(frame: Frame) {
  return h(SignedInPage, {
    name: 'Ana Lucía Ramírez',
    role: 'student',
    productUrl: 'https://product.example/',
    logoutField: { name: 'from', value: 'page' },
    frame,
  });
}
