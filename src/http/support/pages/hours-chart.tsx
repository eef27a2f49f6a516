// Failures by hour and by code as one picture drawn on the server: a row of bars for all, and one for each code. Across, it
// is as wide as there is room, in shares of a hundred, so that its letters stay as large as the page's. A table says the same.
import type { DistrictDay } from '../../../support/district-day.ts';
import { showTime } from './time.tsx';

const hourMs = 3_600_000;
const [tall, low, label, gap] = [120, 30, 24, 14] as const;

interface Row {
  readonly name: string;
  readonly counts: readonly number[];
  readonly sum: number;
}

export function HoursChart({ day }: { readonly day: DistrictDay }) {
  if (day.total === 0) return <p>Nobody failed.</p>;
  const rows = readRows(day);
  const [all, ...codes] = rows;
  if (all === undefined) return null;
  const most = Math.max(...all.counts);
  const words = `${day.isCut ? 'More than ' : ''}${describeCount(day.total)}; most, ${showCount(most)}, in the hour from ${showTime(day.from + all.counts.indexOf(most) * hourMs)}.`;
  const base = label + tall;
  const height = base + 26 + codes.length * (gap + label + low);
  return (
    <figure class="hours">
      <figcaption>{words}</figcaption>
      <svg class="chart" width="100%" height={height} role="img" aria-labelledby="chart-title chart-words">
        <title id="chart-title">Failures by hour and by code</title>
        <desc id="chart-words">{`${words} ${codes.map(({ name, sum }) => `${name}: ${showCount(sum)}`).join(', ')}. The table below says the same.`}</desc>
        <Bars row={all} base={base} height={tall} most={most} />
        <Hours from={day.from} y={base + 18} />
        {codes.map((row, index) => {
          const foot = base + 26 + (index + 1) * (gap + label + low);
          return <Bars key={row.name} row={row} base={foot} height={low} most={most} />;
        })}
      </svg>
      <HoursTable day={day} />
    </figure>
  );
}

function readRows({ hours, total }: DistrictDay): readonly Row[] {
  const codes = [...new Set(hours.flatMap((hour) => Object.keys(hour)))];
  const rowOf = (code: string): Row => {
    const counts = hours.map((hour) => Object.entries(hour).find(([name]) => name === code)?.[1] ?? 0);
    return { name: code, counts, sum: counts.reduce((sum, count) => sum + count, 0) };
  };
  const counts = hours.map((hour) => Object.values(hour).reduce((sum, count) => sum + count, 0));
  return [{ name: 'All', counts, sum: total }, ...codes.map(rowOf).sort((one, other) => other.sum - one.sum)];
}

interface BarsProps {
  readonly row: Row;
  /** Where the bars stand and how tall the tallest may be, in pixels. */
  readonly base: number;
  readonly height: number;
  /** What the tallest bar of the whole picture counts. */
  readonly most: number;
}

function Bars({ row: { name, counts, sum }, base, height, most }: BarsProps) {
  const peak = Math.max(...counts);
  const share = 100 / counts.length;
  return (
    <g>
      <text class="name" x="0" y={base - height - 9}>
        {`${name} · ${showCount(sum)}`}
      </text>
      <line x1="0" y1={base} x2="100%" y2={base} />
      {counts.map((count, hour) => {
        // One failure among thousands is still to be seen.
        const tallness = count === 0 ? 0 : Math.max(2, (count / most) * height);
        return (
          count > 0 && (
            <rect
              key={hour}
              x={`${(hour + 0.1) * share}%`}
              y={base - tallness}
              width={`${share * 0.8}%`}
              height={tallness}
              class={count === peak ? 'peak' : undefined}
            />
          )
        );
      })}
    </g>
  );
}

function Hours({ from, y }: { readonly from: number; readonly y: number }) {
  return (
    <>
      {[0, 4, 8, 12, 16, 20].map((hour) => (
        <text key={hour} x={`${(hour / 24) * 100}%`} y={y}>
          {showTime(from + hour * hourMs).slice(11, 16)}
        </text>
      ))}
    </>
  );
}

function HoursTable({ day }: { readonly day: DistrictDay }) {
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
            return (
              codes.length > 0 && (
                <tr key={showTime(day.from + index * hourMs)}>
                  <th scope="row">{showTime(day.from + index * hourMs)}</th>
                  <td>{codes.reduce((sum, [, count]) => sum + count, 0)}</td>
                  <td>{codes.map(([code, count]) => `${code} ${count}`).join(', ')}</td>
                </tr>
              )
            );
          })}
        </tbody>
      </table>
      {day.isCut && <p class="quiet">There were more; the newest are counted.</p>}
    </details>
  );
}

const showCount = (count: number) => count.toLocaleString('en');
const describeCount = (count: number) => (count === 1 ? '1 failure' : `${showCount(count)} failures`);
