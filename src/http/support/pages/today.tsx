// How many users failed to sign in today and how many signed in, beside a usual day: of all districts, and of each.
import { addDays, readWallTime } from '../../../district/time-zone.ts';
import { isUnusual } from '../../../support/counted-days.ts';
import type { DistrictToday } from '../../../support/sign-in-counts.ts';
import type { DistrictNames } from './incident-pages.tsx';

const maxNamed = 5;

/** Of all districts together, and those with more failures than usual. */
export function TodayEverywhere({
  today,
  names,
}: {
  readonly today: readonly DistrictToday[];
  readonly names: DistrictNames;
}) {
  const unusual = today.filter((each) => isUnusual(each, each.usual)).sort(byFailures);
  return (
    <section aria-labelledby="today">
      <h2 id="today">Today</h2>
      <TodayWords today={sumOf(today)} href="/support/attempts?group=person&from=today" />
      {unusual.length > 0 && (
        <ul class="rows places">
          {unusual.slice(0, maxNamed).map((each) => (
            <li key={each.district}>
              <a href={`/support/districts/${each.district}`}>{names.get(each.district) ?? each.district}</a>
              <TodayCounts today={each} />
            </li>
          ))}
        </ul>
      )}
      {unusual.length > maxNamed && (
        <p>
          <a class="onward" href="/support/districts?order=failures">
            {unusual.length} districts with more failures than usual
          </a>
        </p>
      )}
    </section>
  );
}

export const byFailures = (one: DistrictToday, other: DistrictToday): number =>
  overUsual(other) - overUsual(one) || other.failed - one.failed || one.district.localeCompare(other.district, 'en');

const overUsual = ({ failed, usual }: DistrictToday): number => failed - (usual?.failed ?? 0);

type Day = Pick<DistrictToday, 'day' | 'failed' | 'signedIn' | 'usual'>;

/** Districts are in several zones, so the current day may differ. */
function sumOf(today: readonly DistrictToday[]): Day {
  const day = today[0]?.day ?? '';
  const usuals = today.flatMap(({ usual }) => usual ?? []);
  const isSameDay = today.every((each) => each.day === day) && usuals.every(({ of }) => of === 'weekday');
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const usual = {
    of: isSameDay ? ('weekday' as const) : ('day' as const),
    failed: sum(usuals.map(({ failed }) => failed)),
    signedIn: sum(usuals.map(({ signedIn }) => signedIn)),
  };
  return {
    day,
    failed: sum(today.map(({ failed }) => failed)),
    signedIn: sum(today.map(({ signedIn }) => signedIn)),
    usual: usuals.length === 0 ? undefined : usual,
  };
}

/** "42 people failed to sign in today; on a usual Tuesday 5." */
export function TodayWords({ today, href }: { readonly today: Day; readonly href: string }) {
  const { failed, signedIn, usual } = today;
  const when = usual && usualName(today, usual.of);
  return (
    <>
      <p class={isUnusual(today, usual) ? 'note todo' : 'note'}>
        <a href={href}>
          <strong>{showPeople(failed)}</strong> failed to sign in today
        </a>
        {usual ? `; on a usual ${when} ${show(usual.failed)}. ` : '. '}
        <strong>{showPeople(signedIn)}</strong> signed in so far
        {usual ? `; on a usual ${when} ${show(usual.signedIn)} in all.` : '.'}
      </p>
      {usual === undefined && <p class="quiet">A usual day is shown beside it from the second day on.</p>}
    </>
  );
}

/** As parts of a row. */
export function TodayCounts({ today }: { readonly today: DistrictToday }) {
  const { failed, signedIn, usual } = today;
  const beside = (count: number | undefined) => (count === undefined ? '' : `, usually ${show(count)}`);
  return (
    <>
      <span class={isUnusual(today, usual) ? 'count unusual' : 'count'}>
        {failed === 0 ? '0 failed' : <a href={failedTodayPath(today)}>{`${show(failed)} failed`}</a>}
        {beside(usual?.failed)}
      </span>
      <span class="count quiet">
        {show(signedIn)} signed in{beside(usual?.signedIn)}
      </span>
    </>
  );
}

/** The list of users who failed today, one row per user. */
export function failedTodayPath({ district, day, zone }: Pick<DistrictToday, 'district' | 'day' | 'zone'>): string {
  const from = new Date(readWallTime(`${day}T00:00`, zone)).toISOString();
  const to = new Date(readWallTime(`${addDays(day, 1)}T00:00`, zone) - 1).toISOString();
  return `/support/attempts?${new URLSearchParams({ district, from, to, group: 'person' })}`;
}

const usualName = ({ day }: Pick<DistrictToday, 'day'>, of: 'weekday' | 'day'): string =>
  of === 'day' ? 'day' : new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(Date.parse(day));

const show = (count: number): string => count.toLocaleString('en');
const showPeople = (count: number): string => (count === 1 ? '1 person' : `${show(count)} people`);
