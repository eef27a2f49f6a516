// The keys that sign session tokens.
import type { KeyStatus } from '../../../session/signing-keys.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { MissingFields } from '../../support/pages/form-again.tsx';
import { FormToken, SupportLayout } from '../../support/pages/support-layout.tsx';
import { Time } from '../../support/pages/time.tsx';
import { Done, type DoneWord } from './done.tsx';

interface KeysPageProps {
  readonly session: StaffSession;
  readonly keys: readonly KeyStatus[];
  readonly done?: DoneWord | undefined;
  /** The replacement of every key was asked for without its confirmation. */
  readonly isUnconfirmed?: boolean;
}

const replaceLabel = 'Yes, sign all users out';

export const KeysPage = ({ session, keys, done, isUnconfirmed = false }: KeysPageProps) => (
  <SupportLayout title="Signing keys" session={session} here="admin">
    <h1>Signing keys</h1>
    <Done done={done} />
    {isUnconfirmed && <MissingFields missing={[{ id: 'confirm', label: replaceLabel }]} />}
    <ul class="rows places">
      {keys.map(({ kid, status, signs_from }) => (
        <li key={kid}>
          <strong {...untranslated}>{kid}</strong>
          <span>{status}</span>
          <span class="quiet">
            signs from <Time at={Date.parse(signs_from)} />
          </span>
        </li>
      ))}
    </ul>
    <p>
      A next key is published first and signs in five minutes, when every verifier has seen it. No one is signed out.
    </p>
    {keys.some(({ status }) => status === 'next') ? (
      <p>A next key waits already.</p>
    ) : (
      <form method="post" action="/admin/keys/rotate">
        <FormToken session={session} />
        <button class="button" type="submit">
          Rotate
        </button>
      </form>
    )}
    <details class="actions-of" open={isUnconfirmed}>
      <summary>A private key may be in other hands</summary>
      <p>Every key is replaced at once, and every session of every district ends.</p>
      <form class="stack" method="post" action="/admin/keys/replace">
        <FormToken session={session} />
        <label class="choice">
          <input id="confirm" type="checkbox" name="confirm" value="yes" required />
          {replaceLabel}
        </label>
        <button class="button second" type="submit">
          Replace every key
        </button>
      </form>
    </details>
  </SupportLayout>
);
