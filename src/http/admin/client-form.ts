// The form of a client: its fields as sent, and the values they represent. client-rules.ts validates them, as for the
// command.
import type { Request } from 'express';
import { districtRules, isDistrictId } from '../../district/read-district.ts';
import { type App, apps } from '../../outcome/outcome.ts';
import type { Client, ClientChanges } from '../../session/client.ts';
import {
  areClientUris,
  type ClientPkce,
  clientPkces,
  clientRules,
  clientScopes,
  isClientId,
  isClientUri,
  readClientScopes,
} from '../../session/client-rules.ts';
import { readField, readFields } from './admin-access.ts';

/** As text, so that invalid input is shown in the form again. */
export interface ClientValues {
  readonly id?: string;
  readonly kind?: 'confidential' | 'public' | undefined;
  /** One per line. */
  readonly redirect_uris?: string;
  readonly post_logout_redirect_uris?: string;
  readonly initiate_login_uri?: string;
  readonly backchannel_logout_uri?: string;
  readonly scopes?: readonly string[];
  readonly pkce?: ClientPkce;
  readonly launch_apps?: readonly App[];
  /** Ids, one per line. */
  readonly launch_districts?: string;
}

export type ClientField = keyof ClientValues | 'launches';

export interface ClientProblem {
  readonly field: ClientField;
  /** Follows the name of the field. */
  readonly message: string;
}

interface ReadClient {
  readonly id: string;
  readonly values: ClientValues;
  readonly changes: ClientChanges;
  readonly problems: readonly ClientProblem[];
}

export const valuesOfClient = (client: Client): ClientValues => ({
  id: client.id,
  kind: client.isPublic ? 'public' : 'confidential',
  redirect_uris: client.redirectUris.join('\n'),
  post_logout_redirect_uris: client.postLogoutRedirectUris.join('\n'),
  initiate_login_uri: client.initiateLoginUri ?? '',
  backchannel_logout_uri: client.backchannelLogoutUri ?? '',
  scopes: client.scopes,
  pkce: client.pkce,
  launch_apps: client.launchApps,
  launch_districts: client.launchDistricts.join('\n'),
});

/** @param former the client to change; its id and kind stay */
export function readClient(request: Request, former?: Client): ReadClient {
  const text = (name: ClientField) => readField(request, name) ?? '';
  const id = former?.id ?? text('id');
  const kind = former === undefined ? kinds.find((each) => each === text('kind')) : kindOf(former);
  const values = {
    id,
    kind,
    redirect_uris: text('redirect_uris'),
    post_logout_redirect_uris: text('post_logout_redirect_uris'),
    initiate_login_uri: text('initiate_login_uri'),
    backchannel_logout_uri: text('backchannel_logout_uri'),
    scopes: readFields(request, 'scopes'),
    pkce: clientPkces.find((each) => each === text('pkce')) ?? 'required',
    launch_apps: apps.filter((app) => readFields(request, 'launch_apps').includes(app)),
    launch_districts: text('launch_districts'),
  } as const;
  const [redirectUris, postLogoutRedirectUris, launchDistricts] = [
    linesOf(values.redirect_uris),
    linesOf(values.post_logout_redirect_uris),
    linesOf(values.launch_districts),
  ];
  const changes: ClientChanges = {
    isPublic: kind === 'public',
    redirectUris,
    postLogoutRedirectUris,
    initiateLoginUri: values.initiate_login_uri || null,
    backchannelLogoutUri: values.backchannel_logout_uri || null,
    scopes: readClientScopes(values.scopes) ?? clientScopes.slice(0, 1),
    pkce: values.pkce,
    launchApps: values.launch_apps,
    launchDistricts,
  };
  const problems: ClientProblem[] = [
    ...(isClientId(id) ? [] : [{ field: 'id', message: clientRules.id } as const]),
    ...(kind === undefined ? [{ field: 'kind', message: 'must be chosen' } as const] : []),
    ...uriProblems('redirect_uris', redirectUris),
    ...uriProblems('initiate_login_uri', linesOf(values.initiate_login_uri)),
    ...uriProblems('post_logout_redirect_uris', postLogoutRedirectUris),
    ...uriProblems('backchannel_logout_uri', linesOf(values.backchannel_logout_uri)),
    ...(readClientScopes(values.scopes) === undefined
      ? [{ field: 'scopes', message: clientRules.scopes } as const]
      : []),
    ...launchDistricts
      .filter((each) => !isDistrictId(each))
      .slice(0, 1)
      .map(() => ({ field: 'launch_districts', message: `has an id that is none: it ${districtRules.id}` }) as const),
  ];
  return { id, values, changes, problems };
}

const kinds = ['confidential', 'public'] as const;
const kindOf = ({ isPublic }: Client) => (isPublic ? 'public' : 'confidential');

const linesOf = (text: string): string[] => [...new Set(text.split(/\s+/).filter((line) => line !== ''))];

/** Reports the first invalid URI, in full if it is short: it must be found among twenty. */
function uriProblems(field: ClientField, uris: readonly string[]): ClientProblem[] {
  const wrong = uris.find((uri) => !isClientUri(uri));
  if (wrong !== undefined) return [{ field, message: `has ${wrong.slice(0, 80)}: it ${clientRules.uri}` }];
  return areClientUris(uris) ? [] : [{ field, message: clientRules.uris }];
}
