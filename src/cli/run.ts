// What all commands share: settings read, the store opened and closed again, failures turned into an exit code with a reason.
import type { Command } from 'commander';
import { type CommandServices, openCommandServices } from '../compose/commands.ts';
import { PlaceSilent } from '../compose/move.ts';
import { type CommandConfig, type Read, readCommandConfig } from '../config/config.ts';
import type { BrokenLayer, ConfigProblem, Environment, Layer } from '../config/gather-settings.ts';
import type { District } from '../district/district.ts';
import { StoreRefused } from '../store/check-store.ts';
import { StoreLost } from '../store/guard/store-identity.ts';
import { StoreMoved } from '../store/move/move-marker.ts';
import { StoreUnavailable, storeHint } from '../store/store.ts';
import { WrongStoreFormat } from '../store/store-format.ts';
import { SealBroken, WrongStoreKeys } from '../store/vault.ts';
import { createOutput, type Output, type Streams } from './output.ts';

/** 0 done, 1 refused or held with reasons, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

type Layers = readonly (Layer | BrokenLayer)[];

// biome-ignore lint/suspicious/noExplicitAny: commander hands arguments and options over untyped; each command declares them.
type Untyped = any;

/** Of commands.ts: names what a group of commands is handed. */
export type Group = Exclude<keyof CommandServices, 'close' | 'findDistrict'>;

export interface At<Name extends Group> {
  readonly services: CommandServices[Name];
  readonly output: Output;
}

export type CommandBody<Name extends Group> = (at: At<Name>, args: Untyped, options: Untyped) => Promise<ExitCode>;
export type ConfiguredBody<Name extends Group, Config> = (
  at: At<Name> & { readonly config: Config },
  args: Untyped,
  options: Untyped,
) => Promise<ExitCode>;
export interface AtDistrict<Name extends Group> extends At<Name> {
  readonly district: District;
}

export type DistrictBody<Name extends Group> = (
  at: AtDistrict<Name>,
  options: Untyped,
  args: Untyped,
) => Promise<ExitCode>;

export type ConfiguredDistrictBody<Name extends Group, Config> = (
  at: AtDistrict<Name> & { readonly config: Config },
  options: Untyped,
  args: Untyped,
) => Promise<ExitCode>;

export type StorelessBody = (output: Output, args: Untyped, options: Untyped) => Promise<ExitCode>;

export interface AtSurroundings extends Pick<Surroundings, 'environment' | 'layers'> {
  readonly output: Output;
}

export interface Run {
  /** An action for commander that needs neither settings nor the store. */
  withoutStore(body: StorelessBody): (...args: Untyped[]) => Promise<void>;
  /** An action for commander that reads settings and opens stores by itself; what it throws becomes a reason. */
  withEnvironment(
    body: (at: AtSurroundings, args: Untyped, options: Untyped) => Promise<ExitCode>,
  ): (...args: Untyped[]) => Promise<void>;
  /** An action for commander that opens the store for the body and closes it after. */
  command<Name extends Group>(group: Name, body: CommandBody<Name>): (...args: Untyped[]) => Promise<void>;
  /** The same for a command that needs more settings than the store's. */
  commandWith<Name extends Group, Config extends CommandConfig>(
    group: Name,
    readSettings: (environment: Environment, layers: Layers) => Read<Config>,
    body: ConfiguredBody<Name, Config>,
  ): (...args: Untyped[]) => Promise<void>;
  /** The same for a command about one district: its first argument, or --district. */
  forDistrict<Name extends Group>(group: Name, body: DistrictBody<Name>): (...args: Untyped[]) => Promise<void>;
  /** The same with more settings. */
  forDistrictWith<Name extends Group, Config extends CommandConfig>(
    group: Name,
    readSettings: (environment: Environment, layers: Layers) => Read<Config>,
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

export function createRun(surroundings: Surroundings): Run {
  let exitCode: ExitCode = 0;

  const outputOf = (given: Untyped[]): Output => {
    const commander: Command = given.at(-1);
    return createOutput(surroundings, commander.optsWithGlobals()['json'] === true);
  };

  const withSettings =
    <Config extends CommandConfig>(
      readSettings: (environment: Environment, layers: Layers) => Read<Config>,
      body: (opened: Opened<Config>, args: Untyped, options: Untyped) => Promise<ExitCode>,
    ) =>
    async (...given: Untyped[]): Promise<void> => {
      const output = outputOf(given);
      const read = readSettings(surroundings.environment, surroundings.layers);
      if (read.kind === 'problems') {
        exitCode = refuseSettings(output, read.problems);
        return;
      }
      const { config } = read;
      for (const name of read.unknown) output.aside(`${name} is no setting of the bridge: it has no effect.`);
      exitCode = await withServices(config, output, (services) =>
        body({ services, output, config }, given.slice(0, -2), given.at(-2)),
      );
    };

  const commandWith: Run['commandWith'] = (group, readSettings, body) =>
    withSettings(readSettings, ({ services, output, config }, args, options) =>
      body({ services: services[group], output, config }, args, options),
    );

  const forDistrictWith: Run['forDistrictWith'] = (group, readSettings, body) =>
    withSettings(readSettings, async ({ services, output, config }, args, options) => {
      const id: string = options.district ?? args[0];
      const district = await services.findDistrict(id);
      if (district === undefined) return districtUnknown(output, id);
      return body({ services: services[group], output, config, district }, options, args);
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
        exitCode = await reportFailure(output, () =>
          body({ environment, layers, output }, given.slice(0, -2), given.at(-2)),
        );
      },
    command: (group, body) => commandWith(group, readCommandConfig, body),
    commandWith,
    forDistrict: (group, body) => forDistrictWith(group, readCommandConfig, body),
    forDistrictWith,
    exitCode: () => exitCode,
  };
}

/** Every setting that needs attention, at once. */
export const refuseSettings = (output: Output, problems: readonly ConfigProblem[]): 1 | 2 =>
  output.problem(
    { code: 'configuration', detail: problemLines(problems).join('\n'), settings: problems },
    undefined,
    problemLines(problems),
  );

export const districtUnknown = (output: Output, id: string): 1 | 2 =>
  output.problem({
    code: 'district_unknown',
    detail: `There is no district "${id}". See: sso-bridge district list`,
  });

const problemLines = (problems: readonly ConfigProblem[]): string[] => [
  'These settings need attention:',
  ...problems.map(({ setting, message }) => `  ${setting} ${message}`),
];

function withServices(
  config: CommandConfig,
  output: Output,
  body: (services: CommandServices) => Promise<ExitCode>,
): Promise<ExitCode> {
  return reportFailure(output, async () => {
    const services = await openCommandServices(config);
    try {
      return await body(services);
    } finally {
      await services.close();
    }
  });
}

async function reportFailure(output: Output, body: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await body();
  } catch (failure) {
    if (failure instanceof StoreUnavailable) {
      const { reason } = failure;
      output.problem({ code: 'service_unavailable', detail: describeSilence(reason), reason });
    } else {
      const code = namedFailures.find(([kind]) => failure instanceof kind)?.[1];
      const detail = failure instanceof Error && code !== undefined ? failure.message : reportUnforeseen(failure);
      output.problem({ code: code ?? 'internal', detail });
    }
    return 1;
  }
}

/** Failures whose message is for an operator, and the code of each. */
const namedFailures = [
  [PlaceSilent, 'service_unavailable'],
  [StoreLost, 'store_lost'],
  [StoreMoved, 'store_moved'],
  [StoreRefused, 'store_refused'],
  [WrongStoreFormat, 'store_format'],
  [WrongStoreKeys, 'store_keys'],
  [SealBroken, 'store_keys'],
] as const;

function describeSilence(reason: string): string {
  const what = reason === 'MOVING' || reason === 'MOVED' ? 'takes no writes' : 'does not answer';
  return `The store (STORE_URL) ${what}: ${reason}.${storeHint(reason)} Nothing was changed by halves; try again.`;
}

/** Names the kind only: the message of an unforeseen failure may contain anything. */
const reportUnforeseen = (failure: unknown): string =>
  `Something is wrong inside the bridge (${failure instanceof Error ? failure.name : 'unknown'}). Nothing was changed by halves.`;
