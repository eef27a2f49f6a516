// sso-bridge client …
import { type Command, InvalidArgumentError } from 'commander';
import { districtRules, isDistrictId } from '../district/read-district.ts';
import { type App, apps } from '../outcome/outcome.ts';
import {
  areClientUris,
  type ClientPkce,
  type ClientScope,
  clientPkces,
  clientRules,
  clientScopes,
  isClientId,
  isClientUri,
  readClientScopes,
} from '../session/client-rules.ts';
import type { ListedClient } from '../session/clients.ts';
import { commandList } from './help.ts';
import type { ExitCode, Output } from './output.ts';
import { readReasonOption } from './recorded-command.ts';
import type { Run } from './run.ts';

export function addClientCommands(program: Command, run: Run): void {
  const client = program.command('client').description(commandList.client);
  addPut(client, run);
  addList(client, run);
  addShow(client, run);
  addRotate(client, run);
  addRemove(client, run);
}

const keepSecret =
  'The secret is not shown again. Keep it where programs keep secrets, not in a file of the repository.';

function addPut(client: Command, run: Run): void {
  // Long because it lists the options of one command.
  client
    .command('put')
    .argument('<id>', 'its client_id: letters, digits, dot, dash, underscore', readId)
    .description('add a client, or change it; what is left out stays. The secret of a new one is shown once')
    .option('--redirect-uri <uri>', 'where answers go; again for each; compared character for character', collectUri)
    .option('--initiate-login-uri <uri>', 'where a launch from the portal begins ("" for none)', readUriOrNone)
    .option('--post-logout-redirect-uri <uri>', 'where a sign-out may lead; again for each', collectUri)
    .option('--backchannel-logout-uri <uri>', 'where it hears of ended sessions ("" for none)', readUriOrNone)
    .option('--scopes <list>', `what it may ask for, comma separated: ${clientScopes.join(', ')} (openid)`, readScopes)
    .option(
      '--launch-app <app>',
      `launches of this app of Clever land here: ${apps.join(', ')}; again for each ("" for none)`,
      collectApp,
    )
    .option(
      '--launch-district <id>',
      'launches of this district land here; again for each ("" for none)',
      collectDistrict,
    )
    .option(
      '--pkce <rule>',
      'required, as without this option, or or-nonce: a library without PKCE may send a nonce and check it',
      readPkce,
    )
    .option('--public', 'it cannot keep a secret and has none: an app, a page (PKCE protects its codes)')
    .action(
      run.command('client', async ({ services, output }, [id], options) => {
        const result = await services.recordedAccess.putClient(
          id,
          {
            isPublic: options.public,
            redirectUris: options.redirectUri,
            postLogoutRedirectUris: options.postLogoutRedirectUri,
            initiateLoginUri: emptyAsNull(options.initiateLoginUri),
            backchannelLogoutUri: emptyAsNull(options.backchannelLogoutUri),
            scopes: options.scopes,
            pkce: options.pkce,
            launchApps: options.launchApp,
            launchDistricts: options.launchDistrict,
          },
          'command',
        );
        if (result.kind === 'refused' && result.code === 'client_launch_taken')
          return output.problem({ code: result.code, detail: describeTaken(result.holder) });
        if (result.kind === 'refused') return output.problem({ code: result.code, detail: putRefusals[result.code] });
        const { secret } = result;
        return output.result({ ...describeClient(result.client), ...(secret !== undefined && { secret }) }, [
          `Client ${id} is ${result.isNew ? 'registered' : 'changed'}.`,
          ...(secret === undefined ? [] : [`secret: ${secret}`, keepSecret]),
        ]);
      }),
    );
}

const putRefusals = {
  client_redirect_missing: 'A client needs at least one --redirect-uri.',
  client_initiate_missing: 'A launch begins at --initiate-login-uri: give one.',
  client_kind_fixed: 'A client with a secret does not become a public one. Remove it and add it again.',
  client_pkce_public: 'A public client has no other proof than PKCE: --pkce or-nonce is for a client with a secret.',
} as const;

const describeTaken = (holder: string) =>
  `Client "${holder}" has a launch that was asked for, and each lands at one client. Take it away there first: client show ${holder}, then client put ${holder} with the launches that it keeps ("" for none).`;

function addList(client: Command, run: Run): void {
  client
    .command('list')
    .description('all clients, never their secrets')
    .action(
      run.command('clients', async ({ services, output }) => {
        const clients = await services.clients.list();
        const lines = clients.map(
          ({ id, isPublic, redirectUris }) =>
            `${id}  ${isPublic ? 'public' : 'confidential'}  ${redirectUris.join(' ')}`,
        );
        return output.result(
          { clients: clients.map(describeListed) },
          lines.length > 0 ? lines : ['There are no clients yet: sso-bridge client put …'],
        );
      }),
    );
}

function addShow(client: Command, run: Run): void {
  client
    .command('show')
    .argument('<id>', 'its client_id', readId)
    .description('one client, never its secrets')
    .action(
      run.command('clients', async ({ services, output }, [id]) => {
        const found = (await services.clients.list()).find((each) => each.id === id);
        if (found === undefined) return unknown(output, id);
        const described = describeListed(found);
        return output.result(
          described,
          Object.entries(described).map(
            ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : value}`,
          ),
        );
      }),
    );
}

function addRotate(client: Command, run: Run): void {
  client
    .command('rotate')
    .argument('<id>', 'its client_id', readId)
    .description('make one more secret; the newest of the former ones stays valid beside it')
    .option('--end-former', 'end the former secrets at once')
    .action(
      run.command('client', async ({ services, output }, [id], { endFormer = false }) => {
        const result = await services.recordedAccess.rotateClient(id, endFormer, 'command');
        if (result.kind === 'refused' && result.code === 'client_unknown') return unknown(output, id);
        if (result.kind === 'refused')
          return output.problem({ code: result.code, detail: 'A public client has no secret.' });
        const { secret, secrets } = result;
        return output.result({ id, secret, valid_secrets: secrets }, [
          `secret: ${secret}`,
          keepSecret,
          ...(secrets > 1 ? ['The former secret is valid until the next rotate.'] : []),
        ]);
      }),
    );
}

function addRemove(client: Command, run: Run): void {
  client
    .command('remove')
    .argument('<id>', 'its client_id', readId)
    .description('remove one; its codes and tokens are worth nothing from then on')
    .option('--reason <text>', 'why; it is kept', readReasonOption, 'not said')
    .action(
      run.command('client', async ({ services, output }, [id], { reason }) => {
        if (!(await services.recordedAccess.removeClient(id, 'command', reason))) return unknown(output, id);
        return output.result({ id, removed: true }, [`Removed: ${id}.`]);
      }),
    );
}

const unknown = (output: Output, id: string): ExitCode =>
  output.problem({ code: 'client_unknown', detail: `There is no client "${id}". See: sso-bridge client list` });

const describeClient = ({
  id,
  isPublic,
  redirectUris,
  postLogoutRedirectUris,
  initiateLoginUri,
  backchannelLogoutUri,
  scopes,
  pkce,
  launchApps,
  launchDistricts,
  createdAt,
}: Omit<ListedClient, 'secretsMadeAt'>) => ({
  id,
  public: isPublic,
  redirect_uris: redirectUris,
  post_logout_redirect_uris: postLogoutRedirectUris,
  initiate_login_uri: initiateLoginUri ?? null,
  backchannel_logout_uri: backchannelLogoutUri ?? null,
  scopes,
  pkce,
  launch_apps: launchApps,
  launch_districts: launchDistricts,
  created_at: new Date(createdAt).toISOString(),
});

const describeListed = (client: ListedClient) => ({
  ...describeClient(client),
  secrets_made_at: client.secretsMadeAt.map((at) => new Date(at).toISOString()),
});

function readId(id: string): string {
  if (isClientId(id)) return id;
  throw new InvalidArgumentError(`It ${clientRules.id}.`);
}

function collectUri(uri: string, former: readonly string[] = []): readonly string[] {
  const uris = [...former, uri];
  if (!isClientUri(uri)) throw new InvalidArgumentError(`It ${clientRules.uri}.`);
  if (areClientUris(uris)) return uris;
  throw new InvalidArgumentError(`They ${clientRules.uris}.`);
}

const emptyAsNull = (uri: string | undefined) => (uri === '' ? null : uri);

function collectApp(app: string, former: readonly App[] = []): readonly App[] {
  const found = apps.find((each) => each === app);
  if (found === undefined && app !== '') throw new InvalidArgumentError(`It must be of ${apps.join(', ')}.`);
  return found === undefined ? [] : [...new Set([...former, found])];
}

function collectDistrict(id: string, former: readonly string[] = []): readonly string[] {
  if (id !== '' && !isDistrictId(id)) throw new InvalidArgumentError(`It ${districtRules.id}.`);
  return id === '' ? [] : [...new Set([...former, id])];
}

function readUriOrNone(uri: string): string {
  if (uri === '' || isClientUri(uri)) return uri;
  throw new InvalidArgumentError(`It ${clientRules.uri}.`);
}

function readPkce(rule: string): ClientPkce {
  const found = clientPkces.find((each) => each === rule);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It must be of ${clientPkces.join(', ')}.`);
}

function readScopes(list: string): ClientScope[] {
  const read = readClientScopes(list.split(',').map((word) => word.trim()));
  if (read !== undefined) return read;
  throw new InvalidArgumentError(`It ${clientRules.scopes}.`);
}
