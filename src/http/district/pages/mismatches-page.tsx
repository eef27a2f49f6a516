// Users of the district who cannot sign in: names, both addresses, which side to change and where.
import {
  type DistrictMismatch,
  emailsOf,
  type FewMismatches,
  placesOf,
  sideNames,
} from '../../../admin/district-mismatches.ts';
import { outcomeCodes } from '../../../outcome/outcome-codes.ts';
import { showReference } from '../../../outcome/reference.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { Time } from '../../support/pages/time.tsx';
import type { DistrictPageContext } from '../district-access.ts';

export const MismatchesPage = ({
  context,
  mismatches,
}: {
  readonly context: DistrictPageContext;
  readonly mismatches: FewMismatches;
}) =>
  context.frame(
    'Who cannot sign in',
    <>
      <h1>Who cannot sign in</h1>
      {mismatches.hasMore && <p>These are the newest. The file has all of them.</p>}
      {mismatches.list.length > 0 && (
        <p>
          <a class="onward" href="/district/mismatches.csv">
            All of them as a file (CSV)
          </a>
        </p>
      )}
      <MismatchList mismatches={mismatches.list} />
      <p>
        <a class="onward" href={context.base}>
          Back to your district’s sign-ins
        </a>
      </p>
    </>,
  );

export function MismatchList({ mismatches }: { readonly mismatches: readonly DistrictMismatch[] }) {
  if (mismatches.length === 0)
    return <p>No one: all who failed to sign in have signed in since, or no sign-in failed.</p>;
  return (
    <ol class="rows persons">
      {mismatches.map((mismatch) => (
        <li key={mismatch.attempt.reference}>
          <Person mismatch={mismatch} />
        </li>
      ))}
    </ol>
  );
}

function Person({ mismatch }: { readonly mismatch: DistrictMismatch }) {
  const { attempt, givenName, familyName, sisIds, schoolIds, roster, side, whatToDo } = mismatch;
  const { code, clever, at, reference } = attempt;
  const facts = [
    clever?.user_type,
    sisIds.length > 0 && `SIS id ${sisIds.join(', ')}`,
    schoolIds.length > 0 && `school ${schoolIds.join(', ')}`,
  ];
  return (
    <>
      <strong {...untranslated}>{`${givenName ?? ''} ${familyName ?? ''}`.trim() || 'No name'}</strong>{' '}
      <span class="quiet">{facts.filter(Boolean).join(' · ')}</span>
      <span>{outcomeCodes[code].title}.</span>
      <span class="addresses" {...untranslated}>
        Clever: {clever?.email ?? 'no address'}
        {roster.length > 0 && `\nRoster: ${emailsOf(roster) || 'no address'} (${placesOf(roster)})`}
      </span>
      <span>
        Change: <strong>{sideNames[side]}</strong>. {whatToDo}
      </span>
      <span class="quiet">
        <Time at={at} /> · reference {showReference(reference)}
      </span>
    </>
  );
}
