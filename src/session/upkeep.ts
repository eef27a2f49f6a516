// What a server does about sessions by itself: a next signing key when the current one is old, and endings forgotten that
// no session can have outlived. Every server looks; the store lets one of them do it.
import { createLoop, type Loop } from '../schedule/loop.ts';
import { inWork } from '../trace/request-context.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { KeyStatus, SigningKeys } from './signing-keys.ts';

export interface SessionUpkeepNeeds {
  readonly keys: Pick<SigningKeys, 'rotateByAge'>;
  readonly registry: Pick<SessionRegistry, 'sweep'>;
  readonly listDistricts: () => Promise<readonly { readonly id: string }[]>;
  readonly onRotation: (key: KeyStatus) => void;
  /** Told when a look went through. */
  readonly onDone?: () => void;
  readonly onFailure: (failure: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Looks once an hour. */
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
