// What all commands share: settings read, the store opened and closed again, failures told as an exit code with a reason.
import type { Command } from 'commander';
import {
  type CommandConfig,
  type ConfigProblem,
  type Environment,
  type Layer,
  type Read,
  readCommandConfig,
} from '../config.ts';
import type { District } from '../roster/district.ts';
import { StoreUnavailable } from '../store/store.ts';
import { WrongStoreFormat } from '../store/store-format.ts';
import { StoreLost } from '../store/store-marks.ts';
import { SealBroken, WrongStoreKeys } from '../store/vault.ts';
import { type Office, openOffice } from '../wire-office.ts';
import { createOutput, type Output, type Streams } from './output.ts';

/** 0 done, 1 refused or held with reasons, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

// biome-ignore lint/suspicious/noExplicitAny: commander hands arguments and options over untyped; each command declares them.
type Untyped = any;

export interface At {
  readonly office: Office;
  readonly output: Output;
}

export type CommandBody = (at: At, args: Untyped, options: Untyped) => Promise<ExitCode>;
export type ConfiguredBody<Config> = (
  at: At & { readonly config: Config },
  args: Untyped,
  options: Untyped,
) => Promise<ExitCode>;
export interface AtDistrict extends At {
  readonly district: District;
}

export type DistrictBody = (at: AtDistrict, options: Untyped, args: Untyped) => Promise<ExitCode>;

export type ConfiguredDistrictBody<Config> = (
  at: AtDistrict & { readonly config: Config },
  options: Untyped,
  args: Untyped,
) => Promise<ExitCode>;

export type StorelessBody = (output: Output, args: Untyped, options: Untyped) => Promise<ExitCode>;

export interface Run {
  /** An action for commander that needs neither settings nor the store. */
  withoutStore(body: StorelessBody): (...args: Untyped[]) => Promise<void>;
  /** An action for commander that opens the store for the body and closes it after. */
  command(body: CommandBody): (...args: Untyped[]) => Promise<void>;
  /** The same for a command that needs more settings than the store's. */
  commandWith<Config extends CommandConfig>(
    readSettings: (environment: Environment, layers: readonly Layer[]) => Read<Config>,
    body: ConfiguredBody<Config>,
  ): (...args: Untyped[]) => Promise<void>;
  /** The same for a command about one district: its first argument, or --district. */
  forDistrict(body: DistrictBody): (...args: Untyped[]) => Promise<void>;
  /** The same with more settings. */
  forDistrictWith<Config extends CommandConfig>(
    readSettings: (environment: Environment, layers: readonly Layer[]) => Read<Config>,
    body: ConfiguredDistrictBody<Config>,
  ): (...args: Untyped[]) => Promise<void>;
  readonly exitCode: () => ExitCode;
}

export interface Surroundings extends Streams {
  readonly environment: Environment;
  /** Of the package. */
  readonly version: string;
  /** config/, lowest first. */
  readonly layers: readonly Layer[];
}

export function createRun(surroundings: Surroundings): Run {
  let exitCode: ExitCode = 0;

  const outputOf = (given: Untyped[]): Output => {
    const commander: Command = given.at(-1);
    return createOutput(surroundings, commander.optsWithGlobals()['json'] === true);
  };

  const commandWith: Run['commandWith'] =
    (readSettings, body) =>
    async (...given) => {
      const output = outputOf(given);
      const read = readSettings(surroundings.environment, surroundings.layers);
      if (read.kind === 'problems') {
        exitCode = refuseSettings(output, read.problems);
        return;
      }
      exitCode = await inOffice(read.config, output, (office) =>
        body({ office, output, config: read.config }, given.slice(0, -2), given.at(-2)),
      );
    };
  const command: Run['command'] = (body) => commandWith(readCommandConfig, body);

  const forDistrictWith: Run['forDistrictWith'] = (readSettings, body) =>
    commandWith(readSettings, async (at, args, options) => {
      const id: string = options.district ?? args[0];
      const district = await at.office.districts.find(id);
      if (district !== undefined) return body({ ...at, district }, options, args);
      return districtUnknown(at.output, id);
    });

  return {
    withoutStore:
      (body) =>
      async (...given) => {
        exitCode = await body(outputOf(given), given.slice(0, -2), given.at(-2));
      },
    command,
    commandWith,
    forDistrict: (body) => forDistrictWith(readCommandConfig, body),
    forDistrictWith,
    exitCode: () => exitCode,
  };
}

/** Every setting that needs attention, at once. */
export const refuseSettings = (output: Output, problems: readonly ConfigProblem[]): 1 | 2 =>
  output.problem({ code: 'configuration', detail: tellProblems(problems), settings: problems });

export const districtUnknown = (output: Output, id: string): 1 | 2 =>
  output.problem({
    code: 'district_unknown',
    detail: `There is no district "${id}". See: sso-bridge district list`,
  });

const tellProblems = (problems: readonly ConfigProblem[]): string =>
  ['These settings need attention:', ...problems.map(({ setting, message }) => `  ${setting} ${message}`)].join('\n');

async function inOffice(
  config: CommandConfig,
  output: Output,
  body: (office: Office) => Promise<ExitCode>,
): Promise<ExitCode> {
  let office: Office | undefined;
  try {
    office = await openOffice(config);
    return await body(office);
  } catch (failure) {
    if (failure instanceof StoreUnavailable)
      output.problem({
        code: 'service_unavailable',
        detail: 'The store (STORE_URL) does not answer. Nothing was changed by halves; try again.',
      });
    else if (failure instanceof StoreLost) output.problem({ code: 'store_lost', detail: failure.message });
    else if (failure instanceof WrongStoreFormat) output.problem({ code: 'store_format', detail: failure.message });
    else if (failure instanceof WrongStoreKeys || failure instanceof SealBroken)
      output.problem({ code: 'store_keys', detail: failure.message });
    else output.problem({ code: 'internal', detail: tellUnforeseen(failure) });
    return 1;
  } finally {
    await office?.store.close();
  }
}

/** By its kind: the words of a failure nobody foresaw may hold anything. */
const tellUnforeseen = (failure: unknown): string =>
  `Something is wrong inside the bridge (${failure instanceof Error ? failure.name : 'unknown'}). Nothing was changed by halves.`;
