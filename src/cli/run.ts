// The common part of all commands: reads settings, opens and closes the store, turns failures into an exit code with a
// reason.
import type { Command } from 'commander';
import type { CommandGroups, CommandServices } from '../compose/commands.ts';
import type { CommandConfig, Read } from '../config/config.ts';
import type { BrokenLayer, ConfigProblem, Environment, Layer } from '../config/gather-settings.ts';
import type { District } from '../district/district.ts';
import { createOutput, type ExitCode, type Output, type Streams } from './output.ts';

type Layers = readonly (Layer | BrokenLayer)[];

type ReadSettings<Config> = (environment: Environment, layers: Layers) => Read<Config> | Promise<Read<Config>>;

// biome-ignore lint/suspicious/noExplicitAny: commander hands arguments and options over untyped; each command declares them.
type Untyped = any;

/** From commands.ts: the group of services that a command gets. */
export type Group = keyof CommandGroups;

export interface At<Name extends Group> {
  readonly services: CommandGroups[Name];
  readonly output: Output;
}

type CommandBody<Name extends Group> = (at: At<Name>, args: Untyped, options: Untyped) => Promise<ExitCode>;
type ConfiguredBody<Name extends Group, Config> = (
  at: At<Name> & { readonly config: Config },
  args: Untyped,
  options: Untyped,
) => Promise<ExitCode>;
export interface AtDistrict<Name extends Group> extends At<Name> {
  readonly district: District;
}

type DistrictBody<Name extends Group> = (at: AtDistrict<Name>, options: Untyped, args: Untyped) => Promise<ExitCode>;

type ConfiguredDistrictBody<Name extends Group, Config> = (
  at: AtDistrict<Name> & { readonly config: Config },
  options: Untyped,
  args: Untyped,
) => Promise<ExitCode>;

type StorelessBody = (output: Output, args: Untyped, options: Untyped) => Promise<ExitCode>;

export interface AtSurroundings extends Pick<Surroundings, 'environment' | 'layers'> {
  readonly output: Output;
}

export interface Run {
  /** An action for commander that needs neither settings nor the store. */
  withoutStore(body: StorelessBody): (...args: Untyped[]) => Promise<void>;
  /** An action for commander that reads settings and opens stores itself; an error becomes a reason. */
  withEnvironment(
    body: (at: AtSurroundings, args: Untyped, options: Untyped) => Promise<ExitCode>,
  ): (...args: Untyped[]) => Promise<void>;
  /** An action for commander that opens the store for the body and closes it after. */
  command<Name extends Group>(group: Name, body: CommandBody<Name>): (...args: Untyped[]) => Promise<void>;
  /** The same for a command that needs more settings than the store's. */
  commandWith<Name extends Group, Config extends CommandConfig>(
    group: Name,
    readSettings: ReadSettings<Config>,
    body: ConfiguredBody<Name, Config>,
  ): (...args: Untyped[]) => Promise<void>;
  /** The same for a command about one district: its first argument, or --district. */
  forDistrict<Name extends Group>(group: Name, body: DistrictBody<Name>): (...args: Untyped[]) => Promise<void>;
  /** The same with more settings. */
  forDistrictWith<Name extends Group, Config extends CommandConfig>(
    group: Name,
    readSettings: ReadSettings<Config>,
    body: ConfiguredDistrictBody<Name, Config>,
  ): (...args: Untyped[]) => Promise<void>;
  readonly exitCode: () => ExitCode;
}

export interface Surroundings extends Streams {
  readonly environment: Environment;
  /** Of the package. */
  readonly version: string;
  /** config/, lowest first. */
  readonly layers: Layers;
}

interface Opened<Config> {
  readonly services: CommandServices;
  readonly output: Output;
  readonly config: Config;
}

/** Loaded with what a command needs: settings and store. */
const readOwnSettings: ReadSettings<CommandConfig> = async (environment, layers) =>
  (await import('../config/config.ts')).readCommandConfig(environment, layers);

export function createRun(surroundings: Surroundings): Run {
  // Long because of the kinds of actions over one exit code; each is short.
  let exitCode: ExitCode = 0;

  const outputOf = (given: Untyped[]): Output => {
    const commander: Command = given.at(-1);
    return createOutput(surroundings, commander.optsWithGlobals()['json'] === true);
  };

  const withSettings =
    <Config extends CommandConfig>(
      readSettings: ReadSettings<Config>,
      body: (opened: Opened<Config>, args: Untyped, options: Untyped) => Promise<ExitCode>,
    ) =>
    async (...given: Untyped[]): Promise<void> => {
      const output = outputOf(given);
      await warnUnknownSettings(surroundings, output);
      const read = await readSettings(surroundings.environment, surroundings.layers);
      if (read.kind === 'problems') {
        exitCode = refuseSettings(output, read.problems);
        return;
      }
      const { config } = read;
      const { withServices } = await import('./with-services.ts');
      exitCode = await withServices(config, output, (services) =>
        body({ services, output, config }, given.slice(0, -2), given.at(-2)),
      );
    };

  const commandWith: Run['commandWith'] = (group, readSettings, body) =>
    withSettings(readSettings, async ({ services, output, config }, args, options) =>
      body({ services: await services.open(group), output, config }, args, options),
    );

  const forDistrictWith: Run['forDistrictWith'] = (group, readSettings, body) =>
    withSettings(readSettings, async ({ services, output, config }, args, options) => {
      const id: string = options.district ?? args[0];
      const district = await services.findDistrict(id);
      if (district === undefined) return districtUnknown(output, id, await services.findResembling(id));
      return body({ services: await services.open(group), output, config, district }, options, args);
    });

  return {
    withoutStore:
      (body) =>
      async (...given) => {
        exitCode = await body(outputOf(given), given.slice(0, -2), given.at(-2));
      },
    withEnvironment:
      (body) =>
      async (...given) => {
        const output = outputOf(given);
        const { environment, layers } = surroundings;
        await warnUnknownSettings(surroundings, output);
        const { reportFailure } = await import('./with-services.ts');
        exitCode = await reportFailure(output, () =>
          body({ environment, layers, output }, given.slice(0, -2), given.at(-2)),
        );
      },
    command: (group, body) => commandWith(group, readOwnSettings, body),
    commandWith,
    forDistrict: (group, body) => forDistrictWith(group, readOwnSettings, body),
    forDistrictWith,
    exitCode: () => exitCode,
  };
}

async function warnUnknownSettings({ environment, layers }: Surroundings, output: Output): Promise<void> {
  const { findUnknownSettings } = await import('../config/config.ts');
  for (const name of findUnknownSettings(environment, layers))
    output.aside(`${name} is no setting of the bridge: it has no effect.`);
}

/** Reports all invalid settings at once. */
export const refuseSettings = (output: Output, problems: readonly ConfigProblem[]): 1 | 2 =>
  output.problem(
    { code: 'configuration', detail: problemLines(problems).join('\n'), settings: problems },
    undefined,
    problemLines(problems),
  );

const maxSuggested = 3;

export function districtUnknown(output: Output, id: string, alike: readonly District[] = []): 1 | 2 {
  const ids = alike.slice(0, maxSuggested).map((district) => `"${district.id}"`);
  const hint = ids.length === 0 ? '' : ` Did you mean ${ids.join(' or ')}?`;
  return output.problem({
    code: 'district_unknown',
    detail: `There is no district "${id}".${hint} See: sso-bridge district list`,
  });
}

const problemLines = (problems: readonly ConfigProblem[]): string[] => [
  'These settings need attention:',
  ...problems.map(({ setting, message }) => `  ${setting} ${message}`),
];
