// What a server does about sessions by itself: a next signing key when the current one is old, and endings forgotten that
// no session can have outlived. Every server looks; the store lets one of them do it.
import type { SessionRegistry } from './session-registry.ts';
import type { KeyStatus, SigningKeys } from './signing-keys.ts';

export interface SessionUpkeep {
  /** Looks now and every hour from now on. */
  start(): void;
  look(): Promise<void>;
  /** Waits for the look that is under way. */
  close(): Promise<void>;
}

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

const everyMs = 3_600_000;

export function createSessionUpkeep(needs: SessionUpkeepNeeds): SessionUpkeep {
  const { keys, registry, listDistricts, onRotation, onDone, onFailure, clock = Date.now } = needs;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isClosed = false;

  async function look(): Promise<void> {
    try {
      const key = await keys.rotateByAge();
      if (key !== undefined) onRotation(key);
      for (const { id } of await listDistricts()) {
        if (isClosed) return;
        await registry.sweep(id, clock());
      }
      onDone?.();
    } catch (failure) {
      onFailure(failure);
    }
  }

  function run(): void {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }

  return {
    look,
    start() {
      run();
      timer = setInterval(run, everyMs).unref();
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      await looking;
    },
  };
}
