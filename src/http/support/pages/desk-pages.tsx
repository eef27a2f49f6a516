// The pages that find: the search, and the list with its filters.
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { problems } from '../../problems.ts';
import type { describeFoundInRosters } from '../person-document.ts';
import { type AttemptItem, AttemptList } from './attempt-list.tsx';
import { DeskLayout, FormToken } from './desk-layout.tsx';
import { SearchBox } from './search-box.tsx';

interface Found {
  readonly session: StaffSession | undefined;
  readonly items: readonly AttemptItem[];
}

export function DeskHome({ session, items }: Found) {
  return (
    <DeskLayout title="Search" session={session} here="search">
      <h1>Find a failed sign-in</h1>
      <SearchBox session={session} />
      <h2>The newest</h2>
      <AttemptList items={items} />
    </DeskLayout>
  );
}

export interface Filters {
  readonly district: string;
  readonly code: string;
  readonly from: string;
  readonly to: string;
}

export function ListPage({
  session,
  items,
  filters,
  next,
  isDistrictUnknown,
}: Found & {
  readonly filters: Filters;
  readonly next: string | undefined;
  readonly isDistrictUnknown: boolean;
}) {
  return (
    <DeskLayout title="Attempts" session={session} here="attempts">
      <h1>Failed sign-ins</h1>
      <form class="fields" method="get" action="/support/attempts">
        <Field name="district" label="District" value={filters.district} />
        <div>
          <label for="code">Code</label>
          <select id="code" name="code">
            <option value="">any</option>
            {Object.keys(problems).map((code) => (
              <option key={code} selected={code === filters.code}>
                {code}
              </option>
            ))}
          </select>
        </div>
        <Field name="from" label="From (UTC)" value={filters.from} hint="2026-08-17T08:00Z" />
        <Field name="to" label="To (UTC)" value={filters.to} hint="2026-08-17T09:00Z" />
        <button class="button" type="submit">
          Show
        </button>
      </form>
      {isDistrictUnknown ? (
        <p>
          There is no district “{filters.district}” here. See{' '}
          <a href="/support/districts">the districts and their ids</a>.
        </p>
      ) : (
        <AttemptList items={items} />
      )}
      {next && (
        <a class="button second" rel="next" href={next}>
          Older
        </a>
      )}
    </DeskLayout>
  );
}

function Field({
  name,
  label,
  value,
  hint,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}) {
  return (
    <div>
      <label for={name}>{label}</label>
      <input id={name} name={name} type="text" value={value} placeholder={hint} />
    </div>
  );
}

function NothingFound() {
  return (
    <>
      <p>No attempt has exactly this. Before the caller hangs up:</p>
      <ul>
        <li>Ask for the reference, the eight signs on the page they see. It is the surest.</li>
        <li>
          An address must be as Clever sends it or as the roster has it: capitals count, and an old address may be
          there.
        </li>
        <li>
          No reference on their page? Then Clever did not say who they are: they start again from the Clever portal.
        </li>
      </ul>
    </>
  );
}

/** Answers a posted search; going on posts again, because what was asked may be an address. */
export function ResultPage({
  session,
  items,
  q,
  why,
  cursor,
  rosters,
}: Found & {
  readonly q: string;
  readonly why: string | undefined;
  readonly cursor: string | undefined;
  readonly rosters: ReturnType<typeof describeFoundInRosters> | undefined;
}) {
  const isNothing = items.length === 0 && (rosters?.people ?? []).length === 0;
  return (
    <DeskLayout title="Found" session={session}>
      <h1>{isNothing ? 'Nothing found' : 'Found'}</h1>
      {isNothing && <SearchBox session={session} q={q} why={why} />}
      {items.length > 0 && <AttemptList items={items} />}
      {isNothing && <NothingFound />}
      {rosters && <InRosters rosters={rosters} />}
      {cursor && (
        <form method="post" action="/support/search">
          <FormToken session={session} />
          <input type="hidden" name="q" value={q} />
          <input type="hidden" name="cursor" value={cursor} />
          {why && <input type="hidden" name="reason" value={why} />}
          <button class="button second" type="submit">
            Older
          </button>
        </form>
      )}
      {!isNothing && (
        <>
          <h2>Search again</h2>
          <SearchBox session={session} q={q} why={why} isFocused={false} />
        </>
      )}
    </DeskLayout>
  );
}

/** Who has no attempt, but stands in a roster. */
function InRosters({ rosters }: { readonly rosters: ReturnType<typeof describeFoundInRosters> }) {
  const { people, districts_searched: searched, districts } = rosters;
  return (
    <>
      {people.length > 0 && <h2>No failed sign-in, but in a roster</h2>}
      <ul>
        {people.map(({ district, record, sis_id, person }) => (
          <li key={person}>
            <a href={person}>{`${record} ${sis_id}`}</a> of {district}
          </li>
        ))}
      </ul>
      {searched < districts && <p class="note">{`Only ${searched} of ${districts} districts were searched.`}</p>}
    </>
  );
}
