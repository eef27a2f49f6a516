// Pages for program credentials and signing keys. A secret is shown once, in the response that created it.
import type { Request, Router } from 'express';
import { h } from 'preact';
import { readReason } from '../../audit/reason.ts';
import { type Scope, scopes } from '../../session/credentials.ts';
import { createRouter } from '../kit/router.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { sendReasonAgain } from '../support/send-form-again.ts';
import { sendSupportDeadEnd, sendSupportPage } from '../support/send-support-page.ts';
import { type AdminHandler, type AdminPagesNeeds, readDone, readField } from './admin-access.ts';
import { type CredentialField, CredentialsPage } from './pages/credentials-page.tsx';
import { KeysPage } from './pages/keys-page.tsx';
import { RevokePage } from './pages/revoke-page.tsx';

export function createAdminAccessPages(needs: AdminPagesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.get('/admin/credentials', access(listCredentials(needs)));
  router.post('/admin/credentials', access(createCredential(needs)));
  router.get('/admin/credentials/:id/revoke', access(showRevoke(needs)));
  router.post('/admin/credentials/:id/revoke', access(revokeCredential(needs)));
  router.get('/admin/keys', access(listKeys(needs)));
  router.post('/admin/keys/rotate', access(rotateKeys(needs)));
  router.post('/admin/keys/replace', access(replaceKeys(needs)));
  return router;
}

const listCredentials =
  ({ credentials, clock }: AdminPagesNeeds): AdminHandler =>
  async (request, response, session) => {
    const listed = { credentials: await credentials.list(), now: clock(), done: readDone(request) };
    sendSupportPage(response, 200, h(CredentialsPage, { session, ...listed }));
  };

const dayMs = 86_400_000;

function createCredential(needs: AdminPagesNeeds): AdminHandler {
  const { credentials, recordedAccess, clock } = needs;
  return async (request, response, session) => {
    const { wrong, ...asked } = readCredential(request);
    if (wrong.length > 0 || asked.scope === undefined || asked.name === undefined) {
      const given = {
        scope: readField(request, 'scope'),
        name: readField(request, 'name'),
        days: readField(request, 'days'),
      };
      const page = h(CredentialsPage, { session, credentials: await credentials.list(), now: clock(), wrong, given });
      return sendSupportPage(response, 400, page);
    }
    const { scope, name, days } = asked;
    const asking = { scope, name, lifeMs: days && days * dayMs, madeBy: session.identities };
    const { credential, secret } = await recordedAccess.createCredential(asking, session.email);
    const made = { id: credential.id, secret, scope };
    sendSupportPage(
      response,
      200,
      h(CredentialsPage, { session, credentials: await credentials.list(), now: clock(), made }),
    );
  };
}

interface AskedCredential {
  readonly scope: Scope | undefined;
  readonly name: string | undefined;
  readonly days: number | undefined;
  readonly wrong: readonly CredentialField[];
}

function readCredential(request: Request): AskedCredential {
  const scope = scopes.find((each) => each === readField(request, 'scope'));
  const [name, text] = [readField(request, 'name'), readField(request, 'days')];
  const days = text === undefined ? undefined : /^\d{1,4}$/.test(text) ? Number(text) : 0;
  const isGood = name !== undefined && name.length <= 100 && !/\p{Cc}/u.test(name);
  const isTooLong = days !== undefined && (days < 1 || days > 3650);
  const wrong: CredentialField[] = [
    ...(scope === undefined ? (['scope'] as const) : []),
    ...(isGood ? [] : (['name'] as const)),
    ...(isTooLong ? (['days'] as const) : []),
  ];
  return { scope, name, days, wrong };
}

function showRevoke({ credentials }: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const id = String(request.params['id']);
    const credential = (await credentials.list()).find((each) => each.id === id && each.revokedAt === undefined);
    if (credential === undefined) return sendSupportDeadEnd(response, 'not-found');
    sendSupportPage(response, 200, h(RevokePage, { session, credential }));
  };
}

function revokeCredential(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const id = String(request.params['id']);
    const reason = readReason(readField(request, 'reason') ?? '');
    if (reason === undefined)
      return sendReasonAgain(request, response, { session, label: 'Revoke it', back: '/admin/credentials' });
    if (!(await needs.recordedAccess.revokeCredential(id, session.email, reason)))
      return sendSupportDeadEnd(response, 'refused');
    sendRedirect(response, 303, '/admin/credentials?done=revoked');
  };
}

const listKeys =
  ({ keys }: AdminPagesNeeds): AdminHandler =>
  async (request, response, session) =>
    sendSupportPage(response, 200, h(KeysPage, { session, keys: await keys.list(), done: readDone(request) }));

function rotateKeys(needs: AdminPagesNeeds): AdminHandler {
  return async (_request, response, session) => {
    const result = await needs.recordedAccess.rotateKeys(session.email);
    if (result.kind === 'refused') return sendSupportDeadEnd(response, 'refused');
    sendRedirect(response, 303, '/admin/keys?done=rotated');
  };
}

/** Ends every session of every district: only after confirmation. */
function replaceKeys(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    if (readField(request, 'confirm') !== 'yes') {
      const page = h(KeysPage, { session, keys: await needs.keys.list(), isUnconfirmed: true });
      return sendSupportPage(response, 400, page);
    }
    await needs.recordedAccess.replaceCompromisedKeys(session.email);
    sendRedirect(response, 303, '/admin/keys?done=replaced');
  };
}
