// Program credentials: the list, a new one with its secret, and revocation.
import { type ListedCredential, type Scope, scopes } from '../../../session/credentials.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { FormToken, SupportLayout } from '../../support/pages/support-layout.tsx';
import { Time } from '../../support/pages/time.tsx';
import { Done, type DoneWord } from './done.tsx';
import { MadeSecret } from './made-secret.tsx';

export type CredentialField = 'scope' | 'name' | 'days';

interface CredentialsPageProps {
  readonly session: StaffSession;
  readonly credentials: readonly ListedCredential[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Newly created; shown on this page only. */
  readonly made?: { readonly id: string; readonly secret: string; readonly scope: Scope };
  readonly wrong?: readonly CredentialField[];
  /** What was filled in, if the form is shown again. */
  readonly given?: Readonly<Partial<Record<CredentialField, string | undefined>>>;
  readonly done?: DoneWord | undefined;
}

const scopeTexts: Readonly<Record<Scope, string>> = {
  product: 'product: checks sessions and reads rosters (HTTP Basic, id and secret)',
  support: 'support: reads failed sign-ins (bearer secret)',
  admin: 'admin: changes districts and rosters (bearer secret)',
};

const rules: Readonly<Record<CredentialField, string>> = {
  scope: 'Scope: one of the list',
  name: 'Who will use it: 1 to 100 printable characters',
  days: 'Valid for how many days: 1 to 3650, or empty',
};

export const CredentialsPage = ({
  session,
  credentials,
  now,
  made,
  wrong = [],
  given = {},
  done,
}: CredentialsPageProps) => (
  <SupportLayout title="Credentials" session={session} here="admin">
    <h1>Credentials of programs</h1>
    <Done done={done} />
    {made && <MadeSecret id={made.id} secret={made.secret} />}
    <h2>Make one</h2>
    {wrong.length > 0 && (
      <div class="note todo" role="alert">
        <p>None was made. Please correct:</p>
        <ul>
          {wrong.map((field) => (
            <li key={field}>
              <a href={`#${field}`}>{rules[field]}</a>
            </li>
          ))}
        </ul>
      </div>
    )}
    <form class="stack" method="post" action="/admin/credentials">
      <FormToken session={session} />
      <div class="field">
        <label for="scope">Scope</label>
        <select id="scope" name="scope">
          {scopes.map((scope) => (
            <option key={scope} value={scope} selected={scope === given.scope}>
              {scopeTexts[scope]}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="name">Who will use it</label>
        <input id="name" name="name" type="text" required maxLength={100} autocomplete="off" value={given.name} />
      </div>
      <div class="field">
        <label for="days">Valid for how many days (empty: until revoked)</label>
        <input id="days" name="days" type="number" min="1" max="3650" inputMode="numeric" value={given.days} />
      </div>
      <button class="button" type="submit">
        Make the credential
      </button>
    </form>
    <h2>Made so far</h2>
    {credentials.length === 0 && <p>None yet.</p>}
    <ul class="rows credentials">
      {credentials.map((credential) => (
        <li key={credential.id}>
          <strong>{credential.name}</strong>
          <span class="quiet">
            {credential.scope} · {credential.id} · made <Time at={credential.createdAt} /> · last used{' '}
            {credential.lastUsedAt === undefined ? 'never' : <Time at={credential.lastUsedAt} />}
          </span>
          <End credential={credential} now={now} />
        </li>
      ))}
    </ul>
  </SupportLayout>
);

interface EndProps {
  readonly credential: ListedCredential;
  readonly now: number;
}

function End({ credential: { id, name, expiresAt, revokedAt }, now }: EndProps) {
  if (revokedAt !== undefined)
    return (
      <span class="quiet">
        revoked <Time at={revokedAt} />
      </span>
    );
  if (expiresAt !== undefined && expiresAt <= now)
    return (
      <span class="quiet">
        expired <Time at={expiresAt} />
      </span>
    );
  return (
    <a class="onward" href={`/admin/credentials/${id}/revoke`} aria-label={`Revoke ${name}`}>
      Revoke
    </a>
  );
}
