// Pages for clients of the OpenID provider: the functions of `client put|list|show|rotate|remove`, by the same use
// cases. A secret is shown once, in the response that created it.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import { readReason } from '../../audit/reason.ts';
import { isClientId } from '../../session/client-rules.ts';
import type { ClientPut, ListedClient } from '../../session/clients.ts';
import type { StaffSession } from '../../staff/staff-sign-in.ts';
import { createRouter } from '../kit/router.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { sendSupportDeadEnd, sendSupportPage } from '../support/send-support-page.ts';
import { type AdminHandler, type AdminPagesNeeds, readDone, readField, readFilledIn } from './admin-access.ts';
import { type ClientProblem, type ClientValues, readClient, valuesOfClient } from './client-form.ts';
import { ClientFormPage } from './pages/client-form-page.tsx';
import { ClientPage } from './pages/client-page.tsx';
import { ClientsPage } from './pages/clients-page.tsx';
import { RemoveClientPage } from './pages/remove-client-page.tsx';

export function createAdminClientPages(needs: AdminPagesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.get('/admin/clients', access(listClients(needs)));
  router.get('/admin/register-client', access(showForm));
  router.post('/admin/register-client', access(registerClient(needs)));
  router.get('/admin/clients/:id', access(showClient(needs)));
  router.get('/admin/clients/:id/settings', access(showSettings(needs)));
  router.post('/admin/clients/:id/settings', access(changeClient(needs)));
  router.post('/admin/clients/:id/rotate', access(rotateClient(needs)));
  router.get('/admin/clients/:id/remove', access(showRemove(needs)));
  router.post('/admin/clients/:id/remove', access(removeClient(needs)));
  return router;
}

const listClients =
  ({ clients }: AdminPagesNeeds): AdminHandler =>
  async (request, response, session) =>
    sendSupportPage(response, 200, h(ClientsPage, { session, clients: await clients.list(), done: readDone(request) }));

async function findClient(
  { clients }: AdminPagesNeeds,
  request: Request,
  response: Response,
): Promise<ListedClient | undefined> {
  const id = String(request.params['id']);
  const client = isClientId(id) ? (await clients.list()).find((each) => each.id === id) : undefined;
  if (client === undefined) sendSupportDeadEnd(response, 'not-found');
  return client;
}

/** Names of the registered districts. */
const namesOf = async (
  { districts }: AdminPagesNeeds,
  { launchDistricts }: ListedClient,
): Promise<ReadonlyMap<string, string>> => {
  const found = await Promise.all(launchDistricts.map((id) => districts.find(id)));
  return new Map(found.flatMap((district) => (district === undefined ? [] : [[district.id, district.name] as const])));
};

function showClient(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const client = await findClient(needs, request, response);
    if (client === undefined) return;
    const names = await namesOf(needs, client);
    sendSupportPage(response, 200, h(ClientPage, { session, client, names, done: readDone(request) }));
  };
}

const showForm: AdminHandler = (_request, response, session) =>
  sendSupportPage(response, 200, h(ClientFormPage, { session, values: {}, isNew: true, problems: [] }));

function showSettings(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const client = await findClient(needs, request, response);
    if (client === undefined) return;
    const values = valuesOfClient(client);
    sendSupportPage(response, 200, h(ClientFormPage, { session, values, isNew: false, problems: [] }));
  };
}

function registerClient(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const { id, values, changes, problems } = readClient(request);
    const isThere = isClientId(id) && (await needs.clients.list()).some((each) => each.id === id);
    const taken = { field: 'id', message: 'is another client’s already; change that one on its own page' } as const;
    if (isThere || problems.length > 0)
      return again(response, session, { values, isNew: true, problems: isThere ? [taken, ...problems] : problems });
    const result = await needs.recordedAccess.putClient(id, changes, session.email);
    if (result.kind === 'refused')
      return again(response, session, { values, isNew: true, problems: [problemOf(result)] });
    if (result.secret === undefined) return sendDone(response, id, 'client-registered');
    await sendSecret(needs, response, session, id, { secret: result.secret, done: 'client-registered' });
  };
}

function changeClient(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const client = await findClient(needs, request, response);
    if (client === undefined) return;
    const { values, changes, problems } = readClient(request, client);
    if (problems.length > 0) return again(response, session, { values, isNew: false, problems });
    const result = await needs.recordedAccess.putClient(client.id, changes, session.email);
    if (result.kind === 'refused')
      return again(response, session, { values, isNew: false, problems: [problemOf(result)] });
    sendDone(response, client.id, 'client-changed');
  };
}

/** Two secrets are valid at a time, so that a product can switch without a gap. */
function rotateClient(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const client = await findClient(needs, request, response);
    if (client === undefined) return;
    const endFormer = readField(request, 'end_former') === 'yes';
    const result = await needs.recordedAccess.rotateClient(client.id, endFormer, session.email);
    if (result.kind === 'refused') return sendSupportDeadEnd(response, 'refused');
    const done = result.secrets > 1 ? 'client-rotated' : 'client-secret-alone';
    await sendSecret(needs, response, session, client.id, { secret: result.secret, done });
  };
}

interface MadeSecret {
  readonly secret: string;
  readonly done: 'client-registered' | 'client-rotated' | 'client-secret-alone';
}

/** In the response itself: a secret must not be part of a URL, nor be stored to be shown again. */
async function sendSecret(
  needs: AdminPagesNeeds,
  response: Response,
  session: StaffSession,
  id: string,
  { secret, done }: MadeSecret,
): Promise<void> {
  const client = (await needs.clients.list()).find((each) => each.id === id);
  // Another user has removed it meanwhile.
  if (client === undefined) return sendSupportDeadEnd(response, 'not-found');
  const names = await namesOf(needs, client);
  sendSupportPage(response, 200, h(ClientPage, { session, client, names, done, secret }));
}

function showRemove(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const client = await findClient(needs, request, response);
    if (client === undefined) return;
    const names = await namesOf(needs, client);
    sendSupportPage(response, 200, h(RemoveClientPage, { session, client, names }));
  };
}

/** Only with the typed id: its secret and its URIs cannot be restored. */
function removeClient(needs: AdminPagesNeeds): AdminHandler {
  return async (request, response, session) => {
    const client = await findClient(needs, request, response);
    if (client === undefined) return;
    const reason = readReason(readField(request, 'reason') ?? '');
    if (readField(request, 'confirm') !== client.id || reason === undefined) {
      const names = await namesOf(needs, client);
      return sendSupportPage(
        response,
        400,
        h(RemoveClientPage, { session, client, names, given: readFilledIn(request) }),
      );
    }
    await needs.recordedAccess.removeClient(client.id, session.email, reason);
    sendRedirect(response, 303, '/admin/clients?done=client-removed');
  };
}

const sendDone = (response: Response, id: string, done: 'client-registered' | 'client-changed'): void =>
  sendRedirect(response, 303, `/admin/clients/${id}?done=${done}`);

interface Again {
  readonly values: ClientValues;
  readonly isNew: boolean;
  readonly problems: readonly ClientProblem[];
}

const again = (response: Response, session: StaffSession, shown: Again): void =>
  sendSupportPage(response, 400, h(ClientFormPage, { session, ...shown }));

function problemOf(refused: Extract<ClientPut, { readonly kind: 'refused' }>): ClientProblem {
  switch (refused.code) {
    case 'client_redirect_missing':
      return { field: 'redirect_uris', message: 'needs at least one address' };
    case 'client_initiate_missing':
      return { field: 'initiate_login_uri', message: 'is needed where launches from Clever’s portal land' };
    case 'client_kind_fixed':
      return { field: 'kind', message: 'does not change: remove the client and register it again' };
    case 'client_pkce_public':
      return { field: 'pkce', message: 'must be required: a client without a secret has no other proof' };
    case 'client_launch_taken':
      return {
        field: 'launches',
        message: `has an app or a district that client ${refused.holder} has; each lands at one client, so take it away there first`,
      };
  }
}
