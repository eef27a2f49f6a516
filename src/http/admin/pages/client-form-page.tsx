// The form of a client: the product, its redirect URIs, its scopes, and its launches.
import type { ComponentChildren } from 'preact';
import { apps } from '../../../outcome/outcome.ts';
import { type ClientScope, clientPkces, clientScopes } from '../../../session/client-rules.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { FormToken, SupportLayout } from '../../support/pages/support-layout.tsx';
import type { ClientField, ClientProblem, ClientValues } from '../client-form.ts';
import { appNames, pkceTexts } from './client-facts.tsx';

interface ClientFormPageProps {
  readonly session: StaffSession;
  readonly values: ClientValues;
  readonly isNew: boolean;
  readonly problems: readonly ClientProblem[];
}

const labels: Readonly<Record<ClientField, string>> = {
  id: 'Id (client_id)',
  kind: 'Kind',
  redirect_uris: 'Redirect URIs, one a line',
  post_logout_redirect_uris: 'Post-logout redirect URIs, one a line',
  initiate_login_uri: 'Initiate login URI',
  backchannel_logout_uri: 'Back-channel logout URI',
  scopes: 'Scopes',
  pkce: 'PKCE',
  launches: 'Launches from Clever’s portal that open this product',
  launch_apps: 'By app',
  launch_districts: 'By district: our ids, one a line',
};

const scopeTexts: Readonly<Record<ClientScope, string>> = {
  openid: 'openid: the account’s id, district and role (always)',
  profile: 'profile: the first and last name of the roster',
  email: 'email: the address of the roster',
  offline_access: 'offline_access: refresh tokens, for as long as the session lives',
};

export function ClientFormPage({ session, values, isNew, problems }: ClientFormPageProps) {
  const title = isNew ? 'Register a client' : `Change the client ${values.id}`;
  const field = { values, problems };
  return (
    <SupportLayout title={title} session={session} here="admin">
      <h1>{title}</h1>
      <Problems problems={problems} />
      <form
        class="stack"
        method="post"
        action={isNew ? '/admin/register-client' : `/admin/clients/${values.id}/settings`}
      >
        <FormToken session={session} />
        {isNew && <Identity {...field} />}
        <Addresses {...field} />
        <Scopes {...field} />
        <Launches {...field} />
        <Pkce {...field} />
        <button class="button" type="submit">
          {isNew ? 'Register the client' : 'Change the client'}
        </button>
      </form>
      <p>
        <a class="onward" href={isNew ? '/admin/clients' : `/admin/clients/${values.id}`}>
          Leave it as it is
        </a>
      </p>
    </SupportLayout>
  );
}

type SectionProps = Pick<ClientFormPageProps, 'values' | 'problems'>;

const Problems = ({ problems }: Pick<ClientFormPageProps, 'problems'>) =>
  problems.length > 0 && (
    <div class="note todo" role="alert">
      <p>Nothing was changed. Please correct:</p>
      <ul>
        {problems.map(({ field, message }) => (
          <li key={field}>
            <a href={`#${field}`}>{labels[field]}</a> {message}.
          </li>
        ))}
      </ul>
    </div>
  );

/** What never changes. */
const Identity = (field: SectionProps) => (
  <>
    <Text {...field} name="id" required hint="The product’s name in addresses, such as reading-coach. It stays." />
    <Kind kind={field.values.kind} />
  </>
);

const Addresses = (field: SectionProps) => (
  <>
    <Lines
      {...field}
      name="redirect_uris"
      required
      hint="Where answers are sent. Compared character for character; https, or http on a person’s own machine."
    />
    <Text
      {...field}
      name="initiate_login_uri"
      hint="The product’s own address that begins a sign-in. Required if launches open this product."
    />
    <Lines
      {...field}
      name="post_logout_redirect_uris"
      hint="Where a sign-out may lead. Without one it ends on a page of the bridge."
    />
    <Text
      {...field}
      name="backchannel_logout_uri"
      hint="Where the product is notified of ended sessions. Without it, the product finds out at its next question."
    />
  </>
);

const Scopes = ({ values }: SectionProps) => (
  <fieldset id="scopes">
    <legend>{labels.scopes}</legend>
    {clientScopes.map((scope) => (
      <label key={scope} class="choice">
        <input
          type="checkbox"
          name="scopes"
          value={scope}
          checked={scope === 'openid' || values.scopes?.includes(scope)}
          disabled={scope === 'openid'}
        />
        {scopeTexts[scope]}
      </label>
    ))}
  </fieldset>
);

const Launches = (field: SectionProps) => (
  <fieldset id="launches">
    <legend>{labels.launches}</legend>
    {apps.map((app) => (
      <label key={app} class="choice">
        <input type="checkbox" name="launch_apps" value={app} checked={field.values.launch_apps?.includes(app)} />
        {appNames[app]}
      </label>
    ))}
    <Lines {...field} name="launch_districts" hint="A district’s own client goes before the app’s." />
  </fieldset>
);

const Pkce = ({ values }: SectionProps) => (
  <div class="field">
    <label for="pkce">{labels.pkce}</label>
    <select id="pkce" name="pkce">
      {clientPkces.map((rule) => (
        <option key={rule} value={rule} selected={rule === values.pkce}>
          {pkceTexts[rule]}
        </option>
      ))}
    </select>
  </div>
);

const Kind = ({ kind }: Pick<ClientValues, 'kind'>) => (
  <fieldset id="kind">
    <legend>{labels.kind}</legend>
    <label class="choice">
      <input type="radio" name="kind" value="confidential" required checked={kind === 'confidential'} />
      It runs on a server, and gets a secret
    </label>
    <label class="choice">
      <input type="radio" name="kind" value="public" required checked={kind === 'public'} />
      It runs on people’s devices (an app, a page) and can keep no secret
    </label>
  </fieldset>
);

type TextField = {
  readonly [Name in keyof ClientValues]-?: string extends ClientValues[Name] ? Name : never;
}[keyof ClientValues];

interface FieldProps extends SectionProps {
  readonly name: TextField;
  readonly hint: ComponentChildren;
  readonly required?: boolean;
}

const attributesOf = ({ name, problems, required = false }: FieldProps) => ({
  id: name,
  name,
  required,
  autocomplete: 'off',
  spellcheck: false,
  'aria-describedby': `${name}-hint`,
  ...(problems.some(({ field }) => field === name) && { 'aria-invalid': 'true' as const }),
});

function Field({ name, problems, hint, children }: FieldProps & { readonly children: ComponentChildren }) {
  const problem = problems.find(({ field }) => field === name);
  return (
    <div class="field">
      <label for={name}>{labels[name]}</label>
      {children}
      <p class="quiet" id={`${name}-hint`}>
        {problem && <strong class="wrong">It {problem.message}. </strong>}
        {hint}
      </p>
    </div>
  );
}

const Text = (props: FieldProps) => (
  <Field {...props}>
    <input {...attributesOf(props)} type="text" maxLength={400} value={props.values[props.name] ?? ''} />
  </Field>
);

const Lines = (props: FieldProps) => (
  <Field {...props}>
    <textarea {...attributesOf(props)} rows={2} maxLength={9000}>
      {props.values[props.name] ?? ''}
    </textarea>
  </Field>
);
