// Incidents: many users with the same problem, as one row and one page: how many, since when, what differs, one message
// for all.
import type { Incident } from '../../../incidents/incident.ts';
import { describePeople, describePublish, writeIncidentMessage } from '../../../incidents/incident-document.ts';
import type { FoundIncident, IncidentFilter, IncidentPage as PageOfIncidents } from '../../../incidents/incidents.ts';
import { outcomeCodes } from '../../../outcome/outcome-codes.ts';
import { showReference } from '../../../outcome/reference.ts';
import { nextStepOf } from '../../../outcome/refusal-texts.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { BothValues } from './both-values.tsx';
import { differenceNames } from './difference-names.ts';
import { MessageBox } from './message-box.tsx';
import { ownerNames, SupportLayout } from './support-layout.tsx';
import { Time, useReader } from './time.tsx';

/** Names of districts, by id. */
export type DistrictNames = ReadonlyMap<string, string>;

interface IncidentsPageProps {
  readonly session: StaffSession | undefined;
  readonly filter: IncidentFilter;
  readonly page: PageOfIncidents;
  readonly names: DistrictNames;
}

export function IncidentsPage({ session, filter: { district, state }, page, names }: IncidentsPageProps) {
  const of = district === undefined ? '' : ` of ${names.get(district) ?? district}`;
  const other = state === 'open' ? 'closed' : 'open';
  const query = (change: Record<string, string>) =>
    `/support/incidents?${new URLSearchParams({ ...(district === undefined ? {} : { district }), state, ...change })}`;
  return (
    <SupportLayout title="Incidents" session={session} here="incidents">
      <h1>
        {state === 'open' ? 'Open incidents' : 'Closed incidents'}
        {of}
      </h1>
      <p class="quiet">
        One line for all people of a district who are kept out for the same reason. An incident closes by itself when
        they get in.
      </p>
      <IncidentList incidents={page.incidents} names={names} state={state} />
      {page.cursor && (
        <a class="button second" rel="next" href={query({ cursor: page.cursor })}>
          More
        </a>
      )}
      <p>
        <a class="onward" href={query({ state: other })}>
          {other === 'open' ? 'Open incidents' : 'Closed incidents'}
        </a>
      </p>
    </SupportLayout>
  );
}

interface IncidentListProps {
  readonly incidents: readonly Incident[];
  readonly names: DistrictNames;
  readonly state?: 'open' | 'closed';
}

export function IncidentList({ incidents, names, state = 'open' }: IncidentListProps) {
  if (incidents.length === 0) return <p>{state === 'open' ? 'No open incident.' : 'No closed incident is kept.'}</p>;
  return (
    <ol class="rows incidents">
      {incidents.map((incident) => (
        <li key={incident.id}>
          <a href={`/support/incidents/${incident.id}`}>
            <strong>{describePeople(incident)}</strong> of {names.get(incident.district) ?? incident.district}
          </a>
          <span class="what">
            {headingOf(incident)} <Domains incident={incident} />{' '}
            <span class="quiet">{describeSignedIn(incident)}</span>
          </span>
          <span class="who">{ownerNames[outcomeCodes[incident.cause.code].owner]}</span>
          <span class="time">
            since <Time at={incident.since} />
          </span>
          <Badge incident={incident} />
        </li>
      ))}
    </ol>
  );
}

const describeSignedIn = ({ signedIn }: Incident): string =>
  signedIn === 1 ? '1 other signed in since' : `${signedIn.toLocaleString('en')} others signed in since`;

const headingOf = ({ cause }: Incident): string => outcomeCodes[cause.code].title;

function Domains({ incident: { cause } }: { readonly incident: Incident }) {
  const { difference, fromDomain, toDomain } = cause;
  if (fromDomain === undefined || toDomain === undefined)
    return difference === undefined ? null : <span class="quiet">{differenceNames[difference]}</span>;
  return (
    <span class="quiet" {...untranslated}>
      Clever @{fromDomain}, roster @{toDomain}
    </span>
  );
}

const Badge = ({ incident: { closed } }: { readonly incident: Incident }) =>
  closed === undefined ? <span class="badge open">Open</span> : <span class="badge done">Closed</span>;

export function IncidentPage({
  session,
  found,
}: {
  readonly session: StaffSession | undefined;
  readonly found: FoundIncident;
}) {
  const { incident, district, people, samples } = found;
  const message = writeIncidentMessage(found);
  return (
    <SupportLayout title="Incident" session={session} here="incidents">
      <h1>
        {describePeople(incident)} of {district?.name ?? incident.district}: {headingOf(incident)}{' '}
        <Badge incident={incident} />
      </h1>
      <NextStep found={found} />
      <Facts found={found} />
      {samples.length > 0 && (
        <>
          <h2>What Clever sent, and what the roster held</h2>
          {samples.map(({ attempt, roster }) => (
            <BothValues key={attempt.reference} code={attempt.code} clever={attempt.clever?.email} roster={roster} />
          ))}
        </>
      )}
      {message && (
        <MessageBox
          label="One message to the district for all of them"
          message={message}
          hint="It contains no names. Attach the list of open mismatches (CSV)."
        />
      )}
      {message && (
        <p>
          <a class="onward" href={`/support/districts/${incident.district}/mismatches.csv`}>
            Download the list of open mismatches (CSV)
          </a>
        </p>
      )}
      <h2>The people</h2>
      <People people={people} />
    </SupportLayout>
  );
}

const closedTexts = {
  got_in: 'all of them got in.',
  mended: 'the roster lets all of them in now. Ask those who have not come back to sign in again.',
  quiet: 'none of them has tried for a week.',
} as const;

function NextStep({ found: { incident } }: { readonly found: FoundIncident }) {
  const { closed, cause } = incident;
  if (closed !== undefined) {
    return (
      <p class="note">
        <strong>
          Closed <Time at={closed.at} />:
        </strong>{' '}
        {closedTexts[closed.why]}
      </p>
    );
  }
  return (
    <p class="note todo">
      <strong>Who must act: {ownerNames[outcomeCodes[cause.code].owner]}.</strong> {nextStepOf(cause.code, 'district')}
    </p>
  );
}

function Facts({ found: { incident, district } }: { readonly found: FoundIncident }) {
  const { zone } = useReader();
  const { people, peopleOpen, isMore, attempts, signedIn, since, last, publish, cause } = incident;
  const count = (number: number) => number.toLocaleString('en');
  const touched = isMore ? `more than ${count(people)}` : count(people);
  return (
    <div class="facts">
      <h2>The incident</h2>
      <dl>
        <dt>People kept out</dt>
        <dd>
          {touched}, {peopleOpen === people && !isMore ? 'all' : count(peopleOpen)} of them still;{' '}
          {attempts === 1 ? '1 try' : `${count(attempts)} tries`}
        </dd>
        <dt>Signed in since</dt>
        <dd>
          {count(signedIn)} {signedIn === 1 ? 'person' : 'people'} of the district
        </dd>
        <dt>Since</dt>
        <dd>
          <Time at={since} />
          {publish && describePublish(incident, zone)}
        </dd>
        <dt>Last try</dt>
        <dd>
          <Time at={last} />
        </dd>
        <dt>District</dt>
        <dd>
          <a href={`/support/districts/${incident.district}`}>{district?.name ?? incident.district}</a>
        </dd>
        <dt>Code</dt>
        <dd>
          {cause.code} <Domains incident={incident} />
        </dd>
      </dl>
    </div>
  );
}

const maxShown = 50;
const stateNames = { open: 'Open', resolved: 'Got in', mended: 'Mended' } as const;

function People({ people }: { readonly people: FoundIncident['people'] }) {
  return (
    <>
      <ol class="rows people">
        {people.slice(0, maxShown).map(({ reference, at, tries, state }) => (
          <li key={reference}>
            <a href={`/support/attempts/${showReference(reference)}`}>{showReference(reference)}</a>
            <span class="what">{tries === 1 ? '1 try' : `${tries} tries`}</span>
            <span class="time">
              last <Time at={at} />
            </span>
            <span class={`badge ${state === 'open' ? 'open' : 'done'}`}>{stateNames[state]}</span>
          </li>
        ))}
      </ol>
      {people.length > maxShown && <p class="quiet">And {people.length - maxShown} more.</p>}
    </>
  );
}
