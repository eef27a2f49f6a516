// A chart of failures by hour and code, drawn on the server: a row of bars for all, and one for each code. Its width is
// in percent, so that the letters keep the size of the page's. A table has the same data. The bars of all and the names
// of the codes link to the list of what they count.
import { showTime, wallTime } from '../../../district/time-zone.ts';
import { type DistrictDay, hourMs } from '../../../support/district-day.ts';
import { Time, useReader } from './time.tsx';

const [tall, low, label, gap] = [120, 30, 24, 14] as const;

interface Row {
  readonly name: string;
  /** Undefined for all of them. */
  readonly code: string | undefined;
  readonly counts: readonly number[];
  readonly sum: number;
}

interface ChartProps {
  readonly day: DistrictDay;
  readonly district: string;
}

export function HoursChart({ day, district }: ChartProps) {
  const { zone } = useReader();
  if (day.total === 0) return <p>No sign-in failed.</p>;
  const rows = readRows(day);
  const [all, ...codes] = rows;
  if (all === undefined) return null;
  const most = Math.max(...all.counts);
  const words = `${describeCount(day.total)}; most, ${showCount(most)}, in the hour from ${showTime(day.from + all.counts.indexOf(most) * hourMs, zone)}.`;
  const base = label + tall;
  const height = base + 26 + codes.length * (gap + label + low);
  return (
    <figure class="hours">
      <figcaption>{words}</figcaption>
      <svg class="chart" width="100%" height={height} aria-labelledby="chart-title chart-words">
        <title id="chart-title">Failures by hour and by code</title>
        <desc id="chart-words">{`${words} ${codes.map(({ name, sum }) => `${name}: ${showCount(sum)}`).join(', ')}. The table below says the same.`}</desc>
        <Bars row={all} base={base} height={tall} most={most} day={day} district={district} />
        <Hours from={day.from} y={base + 18} />
        {codes.map((row, index) => {
          const foot = base + 26 + (index + 1) * (gap + label + low);
          return <Bars key={row.name} row={row} base={foot} height={low} most={most} day={day} district={district} />;
        })}
      </svg>
      <HoursTable day={day} district={district} />
    </figure>
  );
}

function readRows({ hours, total }: DistrictDay): readonly Row[] {
  const codes = [...new Set(hours.flatMap((hour) => Object.keys(hour)))];
  const rowOf = (code: string): Row => {
    const counts = hours.map((hour) => Object.entries(hour).find(([name]) => name === code)?.[1] ?? 0);
    return { name: code, code, counts, sum: counts.reduce((sum, count) => sum + count, 0) };
  };
  const counts = hours.map((hour) => Object.values(hour).reduce((sum, count) => sum + count, 0));
  return [
    { name: 'All', code: undefined, counts, sum: total },
    ...codes.map(rowOf).sort((one, other) => other.sum - one.sum),
  ];
}

interface BarsProps extends ChartProps {
  readonly row: Row;
  /** The baseline and maximum height of the bars, in pixels. */
  readonly base: number;
  readonly height: number;
  /** The count of the tallest bar of the whole chart. */
  readonly most: number;
}

function Bars({ row: { name, code, counts, sum }, base, height, most, day: { from }, district }: BarsProps) {
  const { zone } = useReader();
  const peak = Math.max(...counts);
  const share = 100 / counts.length;
  return (
    <g>
      <a href={listPath({ district, code, from, hours: counts.length })}>
        <text class="name" x="0" y={base - height - 9}>
          {`${name} · ${showCount(sum)}`}
        </text>
      </a>
      <line x1="0" y1={base} x2="100%" y2={base} />
      {counts.map((count, hour) => {
        // A single failure among thousands must be visible.
        const tallness = count === 0 ? 0 : Math.max(2, (count / most) * height);
        const bar = count > 0 && (
          <rect
            key={hour}
            x={`${(hour + 0.1) * share}%`}
            y={base - tallness}
            width={`${share * 0.8}%`}
            height={tallness}
            class={count === peak ? 'peak' : undefined}
          />
        );
        if (code !== undefined || count === 0) return bar;
        // Keyboard users have the table, which links to the same lists.
        return (
          <a
            key={hour}
            href={listPath({ district, from: from + hour * hourMs, hours: 1 })}
            aria-label={`${showCount(count)} in the hour from ${showTime(from + hour * hourMs, zone)}`}
            tabIndex={-1}
          >
            {bar}
          </a>
        );
      })}
    </g>
  );
}

function Hours({ from, y }: { readonly from: number; readonly y: number }) {
  const { zone } = useReader();
  return (
    <>
      {[0, 4, 8, 12, 16, 20].map((hour) => (
        <text key={hour} x={`${(hour / 24) * 100}%`} y={y}>
          {wallTime(from + hour * hourMs, zone).slice(11)}
        </text>
      ))}
    </>
  );
}

function HoursTable({ day, district }: ChartProps) {
  return (
    <details>
      <summary>The same as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Hour from</th>
            <th scope="col">Failures</th>
            <th scope="col">Codes</th>
          </tr>
        </thead>
        <tbody>
          {day.hours.map((hour, index) => {
            const codes = Object.entries(hour);
            const from = day.from + index * hourMs;
            return (
              codes.length > 0 && (
                <tr key={from}>
                  <th scope="row">
                    <Time at={from} />
                  </th>
                  <td>
                    <a href={listPath({ district, from, hours: 1 })}>
                      {showCount(codes.reduce((sum, [, count]) => sum + count, 0))}
                    </a>
                  </td>
                  <td>{codes.map(([code, count]) => `${code} ${showCount(count)}`).join(', ')}</td>
                </tr>
              )
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

/** The list of the failures of a range of hours. */
function listPath({
  district,
  code,
  from,
  hours,
}: {
  readonly district: string;
  readonly code?: string | undefined;
  readonly from: number;
  readonly hours: number;
}): string {
  const [first = '', last = ''] = [from, from + hours * hourMs - 60_000].map(
    (at) => `${new Date(at).toISOString().slice(0, 16)}Z`,
  );
  const filters = { district, ...(code === undefined ? {} : { code }), from: first, to: last };
  return `/support/attempts?${new URLSearchParams(filters)}`;
}

const showCount = (count: number) => count.toLocaleString('en');
const describeCount = (count: number) => (count === 1 ? '1 failure' : `${showCount(count)} failures`);
