// Shown before a link is released: both names side by side, and who last signed in.
import type { AttemptDetail } from '../../../support/attempt-detail.ts';
import type { LastSuccess } from '../../../support/last-success.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { Time } from './time.tsx';

/** The evidence that an account was given to another person. */
export function Holders({ found: { attempt, holders, state } }: { readonly found: AttemptDetail }) {
  if (attempt.code !== 'identity_changed' || holders.length === 0) return null;
  const { given_name: given, family_name: family, clever_id: cleverId } = attempt.clever ?? {};
  const name = [given, family].filter(Boolean).join(' ') || 'no name';
  return (
    <>
      <h2>Who is who</h2>
      {holders.map(({ account, isSameName, lastSuccess }) => (
        <div key={account.accountId}>
          <div class="pair">
            <div>
              <h3>Clever says, of who could not sign in</h3>
              <p class="value" {...untranslated}>
                {name}
                <span class="source">Clever id {cleverId}</span>
              </p>
            </div>
            <div>
              <h3>The roster says, of the account</h3>
              <p class="value" {...untranslated}>
                {account.givenName} {account.familyName}
                <span class="source">
                  {account.record} {account.sisId}; <LastIn success={lastSuccess} cleverId={cleverId} />
                </span>
              </p>
            </div>
          </div>
          {isSameName === false && state.state !== 'resolved' && (
            <p class="note todo">
              <strong>The names differ.</strong>{' '}
              {state.state === 'open' && `If you release the link of ${account.record} ${account.sisId}, `}
              {name} may get in as {account.givenName} {account.familyName}.{' '}
              {state.state === 'open'
                ? 'Ask the district first whether they are one person.'
                : 'Ask the district now whether they are one person.'}
            </p>
          )}
        </div>
      ))}
    </>
  );
}

const whichId = (used: string, ofAttempt: string | undefined): string => {
  if (ofAttempt === undefined) return `Clever id ${used}`;
  return used === ofAttempt ? 'this Clever id' : `another Clever id, ${used}`;
};

/** @param cleverId of the user who could not sign in, if there is one */
export function LastIn({
  success,
  cleverId,
}: {
  readonly success: LastSuccess | undefined;
  readonly cleverId: string | undefined;
}) {
  if (success === undefined) return <>no sign-in for as long as attempts are kept</>;
  return (
    <>
      last in <Time at={success.at} /> with {whichId(success.cleverId, cleverId)}
    </>
  );
}
