// The command line options of the benchmarks: counts, each with a bound, and whether they write their
// section of docs/performance.md. Each benchmark defines what its counts mean. All answer --help.
import { Command, InvalidArgumentError, Option } from 'commander';

export interface Count {
  readonly about: string;
  readonly usual: number;
  /** 1 unless said. */
  readonly least?: number;
  /** A load is bounded: more is refused. */
  readonly most: number;
}

export interface Asked<Name extends string> {
  /** The npm script, such as `bench:starts`. */
  readonly script: string;
  readonly about: string;
  readonly counts: Readonly<Record<Name, Count>>;
  /** Sizes that are measured one after the other, each with the bound of one. */
  readonly sizes?: { readonly about: string; readonly usual: readonly number[]; readonly most: number };
  /** Measure one of these alone: what is asked of every benchmark that has stores to choose from. */
  readonly stores?: readonly string[];
  /** Run only contestants that have this in their name. */
  readonly hasOnly?: true;
  /** Another checkout is measured beside this one. */
  readonly hasCheckout?: true;
}

export interface BenchOptions<Name extends string> {
  count(name: Name): number;
  readonly sizes: readonly number[];
  /** One of `stores`, or all. */
  readonly stores: readonly string[];
  readonly only: string;
  /** Its folder; empty unless `hasCheckout`. */
  readonly checkout: string;
  readonly writes: boolean;
  /** The command line, to run it again. */
  readonly command: string;
}

/** So many sizes in one run. */
const maxSizes = 6;

/** Prints wrong usage, or --help, on the terminal and ends the process. */
export function readBenchOptions<Name extends string>(
  asked: Asked<Name>,
  words: readonly string[] = process.argv.slice(2),
): BenchOptions<Name> {
  return optionsOf(asked, createBenchCommand(asked).parse([...words], { from: 'user' }));
}

export function createBenchCommand({ script, about, counts, sizes, stores, ...asked }: Asked<string>): Command {
  const command = createRunCommand(script, about);
  if (asked.hasCheckout)
    command.requiredOption('--checkout <folder>', 'another checkout of this project, built with its benchmarks');
  if (sizes !== undefined)
    command.addOption(
      new Option('--sizes <list>', `${sizes.about}, with commas between; ${maxSizes} of ${sizes.most} at most`)
        .default(sizes.usual, sizes.usual.join(','))
        .argParser(readList(maxSizes, readWhole(1, sizes.most))),
    );
  for (const [name, { about: what, usual, least = 1, most }] of Object.entries(counts)) {
    command.addOption(
      new Option(`--${name} <n>`, `${what}, ${most} at most`).default(usual).argParser(readWhole(least, most)),
    );
  }
  if (stores !== undefined)
    command.addOption(new Option('--store <name>', 'one store alone').choices(['both', ...stores]).default('both'));
  if (asked.hasOnly) command.option('--only <word>', 'only who has this word in its name; nothing is written', '');
  return addWriteOption(command, 'docs/performance.md');
}

export const addWriteOption = (command: Command, document: string): Command =>
  command
    .option('--write', `write the section of ${document} (as is usual)`, true)
    .option('--no-write', 'print it and leave the document as it is');

/** What is the same for everything that is run by `npm run`. Wrong usage ends with 2, as for the bridge's own command. */
export const createRunCommand = (script: string, about: string): Command =>
  new Command(`npm run ${script} --`)
    .description(about)
    .allowExcessArguments(false)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

export const readWhole =
  (least: number, most: number) =>
  (text: string): number => {
    if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };

export const readList =
  (most: number, readOne: (text: string) => number) =>
  (text: string): number[] => {
    const parts = text.split(',');
    if (parts.length > most) throw new InvalidArgumentError(`They are ${most} at most.`);
    return parts.map(readOne);
  };

function optionsOf<Name extends string>(asked: Asked<Name>, parsed: Command): BenchOptions<Name> {
  const values: Readonly<Record<string, unknown>> = parsed.opts();
  const { script, counts, stores = [] } = asked;
  const [store, only] = [String(values['store'] ?? 'both'), String(values['only'] ?? '')];
  const sizes = [values['sizes'] ?? []].flat().map(Number);
  const options = [
    ...(sizes.length === 0 ? [] : [`--sizes ${sizes.join(',')}`]),
    ...Object.keys(counts).map((name) => `--${name} ${values[name]}`),
    ...(stores.length === 0 ? [] : [`--store ${store}`]),
  ];
  return {
    count: (name) => Number(values[name]),
    sizes,
    stores: store === 'both' ? stores : [store],
    only,
    checkout: String(values['checkout'] ?? ''),
    writes: values['write'] === true && only === '',
    command: `npm run ${script} -- ${options.join(' ')}`,
  };
}
