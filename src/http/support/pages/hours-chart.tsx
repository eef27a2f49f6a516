// Failures by hour as a picture drawn on the server. What it shows is said in words as well.
import type { DistrictDay } from '../../../support/district-day.ts';

const [width, height, base] = [960, 200, 170] as const;

export function HoursChart({ day }: { readonly day: DistrictDay }) {
  const counts = day.hours.map((hour) => Object.values(hour).reduce((sum, count) => sum + count, 0));
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const hourOf = (index: number) => new Date(day.from + index * 3_600_000).toISOString().slice(11, 16);
  const busiest = counts.indexOf(Math.max(...counts));
  const words = `${day.total} failures in 24 hours; most, ${counts[busiest] ?? 0}, in the hour from ${hourOf(busiest)} UTC`;
  return (
    <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      <line x1="0" y1={base} x2={width} y2={base} />
      {counts.map((count, index) => (
        <g key={hourOf(index)}>
          {count > 0 && (
            <>
              <rect
                x={index * step + 4}
                y={base - (count / most) * 140}
                width={step - 8}
                height={(count / most) * 140}
                rx="3"
              />
              <text x={index * step + step / 2} y={base - (count / most) * 140 - 5} text-anchor="middle">
                {count}
              </text>
            </>
          )}
          {index % 3 === 0 && (
            <text x={index * step + step / 2} y={base + 20} text-anchor="middle">
              {hourOf(index)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
