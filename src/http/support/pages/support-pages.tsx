// The search page, and the list with its filters.

import type { District } from '../../../district/district.ts';
import type { Incident } from '../../../incidents/incident.ts';
import { outcomeCodes } from '../../../outcome/outcome-codes.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { maxExported } from '../../../support/attempt-export.ts';
import type { describeFoundInRosters } from '../../../support/person-history.ts';
import type { DistrictToday } from '../../../support/sign-in-counts.ts';
import type { DistrictSuggestion } from '../suggest-districts.ts';
import { type AttemptItem, AttemptList } from './attempt-list.tsx';
import { deadEnds } from './dead-end.tsx';
import { type DistrictNames, IncidentList } from './incident-pages.tsx';
import { SearchBox } from './search-box.tsx';
import { FormToken, SupportLayout } from './support-layout.tsx';
import { TodayEverywhere } from './today.tsx';

interface Found {
  readonly session: StaffSession | undefined;
  readonly items: readonly AttemptItem[];
}

export function SupportHome({
  session,
  items,
  incidents,
  names,
  today,
}: Found & {
  readonly incidents: readonly Incident[];
  readonly names: DistrictNames;
  readonly today: readonly DistrictToday[];
}) {
  return (
    <SupportLayout title="Search" session={session} here="search">
      <h1>Find a failed sign-in</h1>
      <SearchBox session={session} />
      <TodayEverywhere today={today} names={names} />
      {incidents.length > 0 && (
        <>
          <h2>Who is kept out now</h2>
          <IncidentList incidents={incidents} names={names} />
          <p>
            <a class="onward" href="/support/incidents">
              All open incidents
            </a>
          </p>
        </>
      )}
      <h2>The newest</h2>
      <AttemptList items={items} />
    </SupportLayout>
  );
}

export interface Filters {
  readonly district: string;
  readonly code: string;
  readonly from: string;
  readonly to: string;
  readonly state: string;
  readonly group: string;
}

interface ListPageProps extends Found {
  readonly filters: Filters;
  /** Names of invalid fields. */
  readonly wrong: readonly string[];
  /** The same list of each district that an unknown one may mean. */
  readonly suggested?: readonly { readonly district: District; readonly href: string }[];
  readonly zone: string;
  readonly next: string | undefined;
  /** The URL of the list as a file; undefined if it would be empty. */
  readonly csv: string | undefined;
  readonly count: { readonly attempts: number; readonly people?: number; readonly isCut: boolean } | undefined;
}

const stateChoices = [
  ['', 'any'],
  ['open', 'open only'],
  ['mended', 'mended'],
  ['resolved', 'resolved'],
] as const;
const groupChoices = [
  ['', 'each try'],
  ['person', 'each person'],
] as const;
const codeChoices = [['', 'any'], ...Object.keys(outcomeCodes).map((code) => [code, code] as const)] as const;

export function ListPage(props: ListPageProps) {
  // Long because of its fields: one element each.
  const { session, items, filters, wrong, suggested = [], zone, next, csv, count } = props;
  const wrongTime = `A day or a time, such as 10/3/2026 or 2026-10-03 08:00, in ${zone}.`;
  const field = (name: keyof Filters) => ({ name, value: filters[name], isWrong: wrong.includes(name) });
  return (
    <SupportLayout title="Attempts" session={session} here="attempts">
      <h1>Failed sign-ins</h1>
      {wrong.length > 0 && (
        <p class="note todo" role="alert">
          <strong>Please correct:</strong>{' '}
          {[...fieldNames].flatMap(([name, label]) => (wrong.includes(name) ? label : [])).join(', ')}.
        </p>
      )}
      <form class="fields" method="get" action="/support/attempts">
        <Field
          {...field('district')}
          label="District"
          hint="Its id, or part of its name. There is none like this here."
        />
        <Select {...field('code')} label="Code" choices={codeChoices} />
        <Field {...field('from')} label={`From (${zone})`} type="datetime-local" hint={wrongTime} />
        <Field {...field('to')} label={`To (${zone})`} type="datetime-local" hint={wrongTime} />
        <Select {...field('state')} label="State" choices={stateChoices} />
        <Select {...field('group')} label="A row for" choices={groupChoices} />
        <div>
          <button class="button" type="submit">
            Show
          </button>
        </div>
      </form>
      {wrong.length === 0 && <Count shown={items.length} count={count} next={next} />}
      {wrong.length === 0 && <AttemptList items={items} />}
      {wrong.includes('district') && (
        <p>
          There is no district “{filters.district}” here.{' '}
          {suggested.length > 0 ? (
            'Did you mean:'
          ) : (
            <>
              See <a href="/support/districts">the districts and their ids</a>.
            </>
          )}
        </p>
      )}
      {suggested.length > 0 && (
        <ul>
          {suggested.map(({ district, href }) => (
            <li key={district.id}>
              <a href={href}>
                {district.name} ({district.id})
              </a>
            </li>
          ))}
        </ul>
      )}
      {next && (
        <a class="button second" rel="next" href={next}>
          Older
        </a>
      )}
      {csv && (
        <p>
          <a class="onward" href={csv}>
            Download this list (CSV)
          </a>{' '}
          <span class="quiet">
            All pages of it, of the newest {maxExported.toLocaleString('en')} failures; without those that are mended.
          </span>
        </p>
      )}
    </SupportLayout>
  );
}

const fieldNames = new Map([
  ['district', 'District'],
  ['code', 'Code'],
  ['from', 'From'],
  ['to', 'To'],
  ['state', 'State'],
  ['group', 'A row for'],
]);

function Count({ shown, count, next }: { readonly shown: number } & Pick<ListPageProps, 'count' | 'next'>) {
  const show = (number: number) => number.toLocaleString('en');
  if (count === undefined) return next === undefined ? <p class="quiet">{show(shown)} in all.</p> : null;
  const failures = `${count.isCut ? 'more than ' : ''}${count.attempts === 1 ? '1 failure' : `${show(count.attempts)} failures`}`;
  if (count.people === undefined) return <p class="quiet">{failures} in all.</p>;
  return (
    <p class="quiet">
      {failures} of {count.people === 1 ? '1 person' : `${show(count.people)} people`}.
    </p>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly isWrong: boolean;
}

/** A value that a picker cannot show, such as an invalid time, is shown as text. */
function Field({
  name,
  label,
  value,
  isWrong,
  type = 'text',
  hint,
}: FieldProps & { readonly type?: 'text' | 'datetime-local'; readonly hint: string }) {
  const own = {
    id: name,
    name,
    value,
    'aria-invalid': isWrong,
    'aria-describedby': isWrong ? `${name}-hint` : undefined,
  };
  return (
    <div>
      <label for={name}>{label}</label>
      {isWrong || type === 'text' ? <input type="text" {...own} /> : <input type="datetime-local" {...own} />}
      {isWrong && (
        <p class="wrong" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function Select({
  name,
  label,
  value,
  isWrong,
  choices,
}: FieldProps & { readonly choices: readonly (readonly [value: string, label: string])[] }) {
  return (
    <div>
      <label for={name}>{label}</label>
      <select id={name} name={name} aria-invalid={isWrong}>
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice} selected={choice === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Posted, because the rest of the search may be a person's name. */
const Suggested = ({ session, why, suggested }: Pick<ResultPageProps, 'session' | 'why' | 'suggested'>) => (
  <form method="post" action="/support/search">
    <FormToken session={session} />
    {why && <input type="hidden" name="reason" value={why} />}
    <p>Did you mean the district:</p>
    <ul class="rows">
      {suggested.map(({ district, q }) => (
        <li key={district.id}>
          <button class="plain" type="submit" name="q" value={q}>
            {district.name} ({district.id})
          </button>
        </li>
      ))}
    </ul>
  </form>
);

function NothingFound() {
  return (
    <>
      <p>No attempt has exactly this. Before the caller hangs up:</p>
      <ul>
        <li>Ask for the code on the page they see, such as 7K3Q-9ZDM-W. It is the surest.</li>
        <li>
          A name is found with its district, as Clever or the roster spells it. An old address or id may still be there.
        </li>
        <li>
          No reference on their page? Then Clever did not say who they are: they start again from the Clever portal.
        </li>
      </ul>
    </>
  );
}

interface ResultPageProps extends Found {
  readonly q: string;
  readonly why: string | undefined;
  readonly cursor: string | undefined;
  readonly rosters: ReturnType<typeof describeFoundInRosters> | undefined;
  /** Districts that the search may have meant. */
  readonly suggested: readonly DistrictSuggestion[];
  /** The text is a reference whose check character does not match. */
  readonly isMisheard: boolean;
}

/** The result of a posted search; the next page is posted too, because the search may be an address. */
export function ResultPage({ session, items, q, why, cursor, rosters, suggested, isMisheard }: ResultPageProps) {
  const isNothing = items.length === 0 && (rosters?.people ?? []).length === 0;
  return (
    <SupportLayout title={isMisheard ? deadEnds.misheard.heading : 'Found'} session={session}>
      {isMisheard ? (
        <>
          <h1>{deadEnds.misheard.heading}</h1>
          <p class="note">{deadEnds.misheard.what}</p>
        </>
      ) : (
        <h1>{isNothing ? 'Nothing found' : 'Found'}</h1>
      )}
      {suggested.length > 0 && <Suggested session={session} why={why} suggested={suggested} />}
      {isNothing && <SearchBox session={session} q={q} why={why} />}
      {items.length > 0 && <AttemptList items={items} />}
      {isNothing && !isMisheard && <NothingFound />}
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
    </SupportLayout>
  );
}

/** Users without an attempt who are in a roster. */
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
