// An incident as JSON, and the one message for all of its users. A list contains nothing that identifies a user.
import { timeZoneOf } from '../district/district.ts';
import { showTime } from '../district/time-zone.ts';
import { texts } from '../outcome/languages.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { showReference } from '../outcome/reference.ts';
import { messageOf } from '../outcome/refusal-texts.ts';
import { describePlace, likelyPlaces } from '../support/district-message.ts';
import type { Incident } from './incident.ts';
import type { FoundIncident, IncidentSample } from './incidents.ts';

export function describeIncident({ id, district, cause, closed, ...counts }: Incident) {
  const { code, difference, fromDomain, toDomain } = cause;
  const { people, isMore, peopleOpen, attempts, since, last, signedIn, publish } = counts;
  return {
    id,
    district,
    code,
    ...(difference === undefined ? {} : { difference }),
    ...(fromDomain === undefined ? {} : { from_domain: fromDomain }),
    ...(toDomain === undefined ? {} : { to_domain: toDomain }),
    people,
    more_people: isMore,
    people_open: peopleOpen,
    attempts,
    since: timeOf(since),
    last: timeOf(last),
    signed_in_since: signedIn,
    ...(publish === undefined ? {} : { publish: { method: publish.method, at: timeOf(publish.at) } }),
    state: closed === undefined ? ('open' as const) : ('closed' as const),
    ...(closed === undefined ? {} : { closed_at: timeOf(closed.at), closed_because: closed.why }),
    owner: outcomeCodes[code].owner,
  };
}

/** Users named in the document of one incident. */
const maxNamed = 200;

export function describeIncidentDetail(found: FoundIncident) {
  const { incident, district, people, samples } = found;
  return {
    ...describeIncident(incident),
    district_name: district?.name ?? null,
    sample: samples.map(({ attempt, roster }) => ({
      reference: showReference(attempt.reference),
      clever_email: attempt.clever?.email ?? null,
      roster: roster.map(({ account, sisId, method, email, place }) => {
        return { account, sis_id: sisId, method, email: email ?? null, place };
      }),
    })),
    attempts_of_people: people.slice(0, maxNamed).map(({ reference, at, tries, state }) => {
      return { reference: showReference(reference), at: timeOf(at), tries, state };
    }),
    message: writeIncidentMessage(found) ?? null,
  };
}

/**
 * Names no user: how many, what is wrong, where to look, what to do; times in the district's zone and UTC. Undefined if
 * the district need not do anything.
 */
export function writeIncidentMessage({
  incident,
  district,
  samples,
}: Pick<FoundIncident, 'incident' | 'district' | 'samples'>): string | undefined {
  const zone = district && timeZoneOf(district);
  const { code, difference, fromDomain, toDomain } = incident.cause;
  const { owner, title, districtQuestion } = outcomeCodes[code];
  const asked = districtQuestion ?? (owner === 'district' || owner === 'wait' ? messageOf(incident.cause) : undefined);
  if (asked === undefined || incident.closed !== undefined) return undefined;
  return [
    `Hello, ${describePeople(incident)} of ${district?.name ?? incident.district} cannot sign in to Summit K12.`,
    `It began on ${showTime(incident.since, zone)}${describePublish(incident, zone)}.`,
    '',
    `${incident.people > 1 ? 'For each of them: ' : ''}${title}. ${asked.what}${difference === undefined ? '' : ` ${texts.en.differences[difference].adult}`}`,
    ...(fromDomain === undefined || toDomain === undefined
      ? []
      : [
          '',
          `Clever sends addresses that end in @${fromDomain}.`,
          `The roster has addresses that end in @${toDomain}.`,
        ]),
    '',
    asked.ask,
    ...(code === 'email_mismatch' && district !== undefined
      ? ['', 'Where the two addresses may come from:', ...likelyPlaces(district.rostering).map((line) => `- ${line}`)]
      : []),
    ...describeSamples(samples),
    '',
    'The attached list has a line for each person.',
  ].join('\n');
}

function describeSamples(samples: readonly IncidentSample[]): string[] {
  const lines = samples.flatMap(({ attempt, roster }) => {
    const place = roster[0] && `; ${describePlace(roster[0].method, roster[0].place)}`;
    return attempt.clever?.clever_id === undefined ? [] : [`- Clever id ${attempt.clever.clever_id}${place ?? ''}`];
  });
  return lines.length === 0 ? [] : ['', 'For example:', ...lines];
}

const methodNames = { sftp: 'by SFTP', manual: 'by spreadsheet', 'secure-sync': 'of Clever Secure Sync' } as const;

/** @param zone IANA name of the reader's */
export const describePublish = ({ publish }: Incident, zone: string | undefined): string =>
  publish === undefined ? '' : `, after the roster ${methodNames[publish.method]} of ${showTime(publish.at, zone)}`;

/** Users who still cannot sign in; of a closed incident, all it had. */
export function describePeople({ people, peopleOpen, isMore, closed }: Incident): string {
  const count = closed === undefined ? peopleOpen : people;
  if (isMore) return `more than ${people.toLocaleString('en')} people`;
  return count === 1 ? '1 person' : `${count.toLocaleString('en')} people`;
}

const timeOf = (at: number): string => new Date(at).toISOString();
