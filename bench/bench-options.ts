// What the benchmarks are told on their command line: how many of what, each with a bound, and whether they write their
// section of docs/performance.md. What a count means is each benchmark's own.
import { Command, InvalidArgumentError, Option } from 'commander';

export interface Count {
  readonly about: string;
  readonly usual: number;
  /** A load is bounded: more is refused. */
  readonly most: number;
}

export interface Asked<Name extends string> {
  /** The npm script, such as `bench:starts`. */
  readonly script: string;
  readonly about: string;
  readonly counts: Readonly<Record<Name, Count>>;
  /** Measure one of these alone: what is asked of every benchmark that has stores to choose from. */
  readonly stores?: readonly string[];
  /** Takes part only who has this in its name. */
  readonly hasOnly?: true;
}

export interface BenchOptions<Name extends string> {
  count(name: Name): number;
  /** One of `stores`, or all. */
  readonly stores: readonly string[];
  readonly only: string;
  readonly writes: boolean;
  /** What was run, for whoever wants to run it again. */
  readonly command: string;
}

/** Tells wrong usage, or --help, on the terminal and ends the process. */
export function readBenchOptions<Name extends string>(
  asked: Asked<Name>,
  words: readonly string[] = process.argv.slice(2),
): BenchOptions<Name> {
  return optionsOf(asked, createBenchCommand(asked).parse([...words], { from: 'user' }));
}

export function createBenchCommand({ script, about, counts, stores, hasOnly }: Asked<string>): Command {
  const command = new Command(`npm run ${script} --`).description(about).allowExcessArguments(false);
  for (const [name, { about: what, usual, most }] of Object.entries(counts)) {
    command.addOption(
      new Option(`--${name} <n>`, `${what}, ${most} at most`).default(usual).argParser(readCount(most)),
    );
  }
  if (stores !== undefined)
    command.addOption(new Option('--store <name>', 'one store alone').choices(['both', ...stores]).default('both'));
  if (hasOnly) command.option('--only <word>', 'only who has this word in its name; nothing is written', '');
  return command
    .option('--write', 'write the section of docs/performance.md (as is usual)', true)
    .option('--no-write', 'print it and leave the document as it is');
}

const readCount = (most: number) => (text: string) => {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw new InvalidArgumentError(`It is a whole number from 1 to ${most}.`);
};

function optionsOf<Name extends string>(asked: Asked<Name>, parsed: Command): BenchOptions<Name> {
  const values: Readonly<Record<string, unknown>> = parsed.opts();
  const { script, counts, stores = [] } = asked;
  const [store, only] = [String(values['store'] ?? 'both'), String(values['only'] ?? '')];
  const told = [
    ...Object.keys(counts).map((name) => `--${name} ${values[name]}`),
    ...(stores.length === 0 ? [] : [`--store ${store}`]),
  ];
  return {
    count: (name) => Number(values[name]),
    stores: store === 'both' ? stores : [store],
    only,
    writes: values['write'] === true && only === '',
    command: `npm run ${script} -- ${told.join(' ')}`,
  };
}
