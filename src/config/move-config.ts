// The settings of a store move: those of the source and those of the target. A target setting has the suffix _TO; if it
// is not set, the source's value applies.
import { type CommandConfig, type Read, readCommandConfig } from './config.ts';
import {
  BrokenLayer,
  type ConfigProblem,
  type Environment,
  gatherSettings,
  type Layer,
  movedNames,
} from './gather-settings.ts';

export interface MoveAddresses {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface MoveConfig {
  readonly source: CommandConfig;
  readonly target: CommandConfig;
}

type Layers = readonly (Layer | BrokenLayer)[];
type ReadMove<Value> = { readonly kind: 'config'; readonly config: Value } | Refused;
interface Refused {
  readonly kind: 'problems';
  readonly problems: readonly ConfigProblem[];
}

/** @param given on the command line, in place of STORE_URL and STORE_URL_TO */
export function readMoveConfig(environment: Environment, layers: Layers, given: MoveAddresses): ReadMove<MoveConfig> {
  const target = readTargetConfig(environment, layers, given.to);
  const source = readSourceConfig(environment, layers, given.from);
  const problems = [source, target].flatMap((side) => (side.kind === 'problems' ? side.problems : []));
  return source.kind === 'problems' || target.kind === 'problems'
    ? { kind: 'problems', problems: distinct(problems) }
    : { kind: 'config', config: { source: source.config, target: target.config } };
}

/** The source store. */
export function readSourceConfig(environment: Environment, layers: Layers, from?: string): ReadMove<CommandConfig> {
  const values = { ...environment };
  if (from !== undefined) Object.assign(values, { STORE_URL: from, STORE_URL_FILE: undefined });
  return check(readUsed(values, layers), from, '--from', 'STORE_URL');
}

/** The target store. */
export function readTargetConfig(environment: Environment, layers: Layers, to?: string): ReadMove<CommandConfig> {
  const values: Record<string, string | undefined> = { ...environment };
  for (const name of movedNames) {
    const [text, file] = [environment[`${name}_TO`], environment[`${name}_TO_FILE`]];
    // The target needs an address of its own.
    if (text || file || name === 'STORE_URL') Object.assign(values, { [name]: text, [`${name}_FILE`]: file });
  }
  if (to !== undefined) Object.assign(values, { STORE_URL: to, STORE_URL_FILE: undefined });
  else if (!values['STORE_URL'] && !values['STORE_URL_FILE'])
    return refuse([{ setting: 'STORE_URL_TO', message: 'is required, or --to: where to move the store' }]);
  const read = check(readUsed(values, layers), to, '--to', 'STORE_URL_TO');
  if (read.kind === 'config') return read;
  const isSet = (name: string) => environment[`${name}_TO`] || environment[`${name}_TO_FILE`];
  return refuse(
    read.problems.map(({ setting, message }) => ({
      setting: movedNames.some((name) => name === setting && isSet(name)) ? `${setting}_TO` : setting,
      message,
    })),
  );
}

/** STORE_KEYS_TO, where it is set. */
export function readKeysTo(environment: Environment, layers: Layers): ReadMove<CommandConfig['STORE_KEYS']> {
  if (!environment['STORE_KEYS_TO'] && !environment['STORE_KEYS_TO_FILE']) return { kind: 'config', config: undefined };
  const read = readTargetConfig(environment, layers, 'embedded:none');
  return read.kind === 'problems' ? read : { kind: 'config', config: read.config.STORE_KEYS };
}

const refuse = (problems: readonly ConfigProblem[]): Refused => ({ kind: 'problems', problems });

const distinct = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] =>
  problems.filter(
    ({ setting, message }, index) =>
      problems.findIndex((other) => other.setting === setting && other.message === message) === index,
  );

/** All users of a machine can see its command lines. */
function check(
  read: Read<CommandConfig>,
  given: string | undefined,
  option: string,
  name: string,
): ReadMove<CommandConfig> {
  const hasPassword = given !== undefined && /^[a-z+]+:\/\/[^@/]*:[^@/]+@/.test(given);
  if (hasPassword)
    return refuse([
      {
        setting: option,
        message: `holds a password, which every user of the machine sees: set ${name} or ${name}_FILE`,
      },
    ]);
  if (read.kind === 'config') return { kind: 'config', config: read.config };
  return refuse(
    read.problems.map((problem) =>
      given !== undefined && problem.setting === 'STORE_URL' ? { ...problem, setting: option } : problem,
    ),
  );
}

/** Certificates and Sentinels of one store are no error for the other. */
function readUsed(values: Environment, layers: Layers): Read<CommandConfig> {
  const { STORE_URL: url } = gatherSettings(values, layers, []).values;
  if (url === undefined || url === '') return readCommandConfig(values, layers);
  const unused = movedNames
    .filter(
      (name) =>
        (name.startsWith('STORE_TLS_') && !url.startsWith('rediss')) ||
        (name.startsWith('STORE_SENTINEL_') && !url.includes('+sentinel:')),
    )
    .flatMap((name) => [name, `${name}_FILE`]);
  const without = <Value>(settings: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => !unused.includes(name)));
  return readCommandConfig(
    without(values),
    layers.map((layer) => (layer instanceof BrokenLayer ? layer : without(layer))),
  );
}
