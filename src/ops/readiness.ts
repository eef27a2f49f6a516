// Whether a server should get requests, and what is known of the store and of Clever: what /readyz says.

export interface Readiness {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ReadinessNeeds {
  readonly pingStore: () => Promise<void>;
  /** What is known of what the store holds and takes. */
  readonly storeHealth: () => 'whole' | 'lost' | 'other' | 'moved' | 'evicting' | 'read_only';
  /** One word on why it takes no writes. */
  readonly storeReadOnlyReason: () => string | undefined;
  /** Resolves if there is a key to sign with. */
  readonly loadSigningKey: () => Promise<unknown>;
  readonly cleverHealth: () => 'unknown' | 'up' | 'down';
  /** The process was told to end. */
  readonly isDraining: () => boolean;
}

export function createReadiness(needs: ReadinessNeeds): () => Promise<Readiness> {
  const { pingStore, storeHealth, storeReadOnlyReason, loadSigningKey, cleverHealth, isDraining } = needs;

  function describeStore(silence: string | undefined): {
    readonly store: 'ready' | 'read_only' | 'lost' | 'silent';
    readonly cause?: string;
  } {
    const health = storeHealth();
    if (health === 'lost' || health === 'other' || health === 'moved') return { store: 'lost', cause: health };
    if (silence !== undefined) return { store: 'silent', cause: silence };
    // Sessions are still checked, so that a server stays ready: /readyz of all would fail at once.
    if (health === 'read_only') return { store: 'read_only', cause: storeReadOnlyReason() ?? health };
    return health === 'whole' ? { store: 'ready' } : { store: 'ready', cause: health };
  }

  return async () => {
    const [silence, key] = await Promise.all([reasonOf(pingStore()), holds(loadSigningKey())]);
    const isReady = silence === undefined && key && !isDraining();
    return {
      status: isReady ? 200 : 503,
      body: {
        status: isReady ? 'ready' : isDraining() ? 'draining' : 'not_ready',
        ...describeStore(silence),
        signing_key: key ? 'loaded' : 'missing',
        // Told, not decisive: with Clever down the bridge still explains itself and checks sessions.
        clever: cleverHealth(),
      },
    };
  };
}

const holds = (check: Promise<unknown>): Promise<boolean> =>
  check.then(
    () => true,
    () => false,
  );

/** Undefined for what resolves; else the word that a StoreUnavailable has. */
const reasonOf = (check: Promise<unknown>): Promise<string | undefined> =>
  check.then(
    () => undefined,
    (failure: unknown) => String(Object(failure).reason ?? 'SILENT'),
  );
