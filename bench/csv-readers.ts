// The two readers of CSV side by side on the same text in one process (docs/adr/0022): `node dist/bench/csv-readers.js`.
// CPU per row, as the median of rounds that alternate; the ratio of the two does not depend on the machine.
import { parse } from 'csv-parse/sync';
import papa from 'papaparse';

const rowCount = 20_000;
const rounds = 7;
const rows = Array.from(
  { length: rowCount },
  (_, index) =>
    `S1,${710_000 + index},"Student ${index}",Family${index},student${index}@students.example.org,0${index % 9}`,
);
const text = `${rows.join('\n')}\n`;

const readers = {
  'csv-parse': () => parse(text, { info: true, relax_column_count: true }).length,
  papaparse: () => papa.parse(text, { skipEmptyLines: true }).data.length,
};

function cpuPerRow(read: () => number): number {
  const before = process.cpuUsage();
  const found = read();
  const { user, system } = process.cpuUsage(before);
  if (found !== rowCount) throw new Error(`${found} rows were read of ${rowCount}`);
  return (user + system) / rowCount;
}

const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[rounds >> 1] ?? 0;

const spent = { 'csv-parse': [] as number[], papaparse: [] as number[] };
for (let round = 0; round < rounds; round += 1)
  for (const name of ['csv-parse', 'papaparse'] as const) spent[name].push(cpuPerRow(readers[name]));
const [strict, fast] = [median(spent['csv-parse']), median(spent.papaparse)];
process.stdout.write(
  `csv-parse ${strict.toFixed(1)} µs, papaparse ${fast.toFixed(1)} µs of CPU a row: ${(strict / fast).toFixed(1)} times\n`,
);
