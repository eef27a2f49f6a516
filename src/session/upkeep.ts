// Session maintenance by servers: rotates the signing key when it is old, and deletes endings older than any session.
// Every server checks; the store lets one of them act.
import { createLoop, type Loop } from '../schedule/loop.ts';
import { inWork } from '../trace/request-context.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { KeyStatus, SigningKeys } from './signing-keys.ts';

export interface SessionUpkeepNeeds {
  readonly keys: Pick<SigningKeys, 'rotateByAge'>;
  readonly registry: Pick<SessionRegistry, 'sweep'>;
  readonly listDistricts: () => Promise<readonly { readonly id: string }[]>;
  readonly onRotation: (key: KeyStatus) => void;
  /** Called after a complete run. */
  readonly onDone?: () => void;
  readonly onFailure: (failure: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Runs once an hour. */
export function createSessionUpkeep(needs: SessionUpkeepNeeds): Loop {
  const { keys, registry, listDistricts, onRotation, onDone, onFailure, clock = Date.now } = needs;
  return createLoop({
    everyMs: 3_600_000,
    onFailure,
    task: (signal) =>
      inWork('session upkeep', async () => {
        const key = await keys.rotateByAge();
        if (key !== undefined) onRotation(key);
        for (const { id } of await listDistricts()) {
          if (signal.aborted) return;
          await registry.sweep(id, clock());
        }
        onDone?.();
      }),
  });
}
