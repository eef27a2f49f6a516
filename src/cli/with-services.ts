// Opens the store for one command, closes it after, and turns failures into an exit code with a reason.
import { type CommandServices, openCommandServices } from '../compose/commands.ts';
import type { CommandConfig } from '../config/config.ts';
import { StoreRefused } from '../store/check-store.ts';
import { StoreLost } from '../store/guard/store-identity.ts';
import { StoreMoved } from '../store/move/move-marker.ts';
import { PlaceSilent } from '../store/move/place.ts';
import { StoreUnavailable, storeHint } from '../store/store.ts';
import { WrongStoreFormat } from '../store/store-format.ts';
import { SealBroken, WrongStoreKeys } from '../store/vault.ts';
import type { ExitCode, Output } from './output.ts';

export function withServices(
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

/** Runs the body; an error becomes a problem and exit code 1. */
export async function reportFailure(output: Output, body: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await body();
  } catch (failure) {
    if (failure instanceof StoreUnavailable) {
      const { reason } = failure;
      output.problem({ code: 'service_unavailable', detail: describeSilence(failure), reason });
    } else {
      const code = namedFailures.find(([kind]) => failure instanceof kind)?.[1];
      const detail = failure instanceof Error && code !== undefined ? failure.message : reportUnforeseen(failure);
      output.problem({ code: code ?? 'internal', detail });
    }
    return 1;
  }
}

/** Errors whose message is for an operator, and the code of each. */
const namedFailures = [
  [PlaceSilent, 'service_unavailable'],
  [StoreLost, 'store_lost'],
  [StoreMoved, 'store_moved'],
  [StoreRefused, 'store_refused'],
  [WrongStoreFormat, 'store_format'],
  [WrongStoreKeys, 'store_keys'],
  [SealBroken, 'store_keys'],
] as const;

function describeSilence(failure: StoreUnavailable): string {
  const { reason, folder } = failure;
  if (folder !== undefined) return `No store (STORE_URL) can be opened in ${folder}: ${reason}.${storeHint(failure)}`;
  const what = reason === 'MOVING' || reason === 'MOVED' ? 'takes no writes' : 'does not answer';
  return `The store (STORE_URL) ${what}: ${reason}.${storeHint(failure)} Nothing was changed by halves; try again.`;
}

/** Names the kind only: the message of an unexpected error may contain anything. */
const reportUnforeseen = (failure: unknown): string =>
  `Something is wrong inside the bridge (${failure instanceof Error ? failure.name : 'unknown'}). Nothing was changed by halves.`;
