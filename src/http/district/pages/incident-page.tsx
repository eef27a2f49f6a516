// One cause that keeps users of the district out: how many, since when, after which roster, what to change, and who
// they are.
import type { FewMismatches } from '../../../admin/district-mismatches.ts';
import { timeZoneOf } from '../../../district/district.ts';
import type { Incident } from '../../../incidents/incident.ts';
import { describePeople, describePublish, writeIncidentMessage } from '../../../incidents/incident-document.ts';
import type { FoundIncident } from '../../../incidents/incidents.ts';
import { outcomeCodes } from '../../../outcome/outcome-codes.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { differenceNames } from '../../support/pages/difference-names.ts';
import { MessageBox } from '../../support/pages/message-box.tsx';
import { Time, useReader } from '../../support/pages/time.tsx';
import type { DistrictPageContext } from '../district-access.ts';
import { MismatchList } from './mismatches-page.tsx';

export function IncidentList({ incidents }: { readonly incidents: readonly Incident[] }) {
  const { zone } = useReader();
  return (
    <ol class="rows persons">
      {incidents.map((incident) => (
        <li key={incident.id}>
          <a href={`/district/incidents/${incident.id}`}>
            {capitalize(describePeople(incident))}: {headingOf(incident)}
          </a>
          <Domains incident={incident} />
          <span class="quiet">
            since <Time at={incident.since} />
            {describePublish(incident, zone)}
          </span>
        </li>
      ))}
    </ol>
  );
}

interface IncidentPageProps {
  readonly context: DistrictPageContext;
  readonly found: FoundIncident;
  readonly mismatches: FewMismatches;
}

export function IncidentPage({ context, found, mismatches }: IncidentPageProps) {
  const { incident } = found;
  const isOver = incident.closed !== undefined;
  const message = writeIncidentMessage(found);
  const title = `${capitalize(describePeople(incident))}: ${headingOf(incident)}`;
  return context.frame(
    title,
    <>
      <h1>{title}</h1>
      <p class="quiet">
        {context.district.name} · since <Time at={incident.since} />
        {describePublish(incident, timeZoneOf(context.district))}
      </p>
      {isOver && (
        <p class="note" role="status">
          <strong>Over.</strong> It keeps no user out any more.
        </p>
      )}
      <Domains incident={incident} />
      {message && (
        <MessageBox
          label="What to do"
          message={message}
          hint="For the person who corrects it, in Clever or in the roster. It contains no names; the file below (CSV) has them."
        />
      )}
      {!isOver && (
        <>
          <h2>Who it is</h2>
          {mismatches.hasMore && <p>These are the newest. The file has all who cannot sign in.</p>}
          <MismatchList mismatches={mismatches.list} />
          <p class="onwards">
            <a class="onward" href="/district/mismatches.csv">
              All who cannot sign in, as a file (CSV)
            </a>
            <a class="onward" href="/district/rosters">
              Upload a corrected roster
            </a>
          </p>
        </>
      )}
      <p>
        <a class="onward" href={context.base}>
          Back to your district’s sign-ins
        </a>
      </p>
    </>,
  );
}

const headingOf = ({ cause: { code } }: Incident): string => outcomeCodes[code].title;

function Domains({ incident: { cause } }: { readonly incident: Incident }) {
  const { difference, fromDomain, toDomain } = cause;
  if (fromDomain !== undefined)
    return (
      <span class="addresses" {...untranslated}>
        {`Clever: …@${fromDomain}\nRoster: …@${toDomain}`}
      </span>
    );
  return difference === undefined ? null : <span>{differenceNames[difference]}</span>;
}

const capitalize = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
