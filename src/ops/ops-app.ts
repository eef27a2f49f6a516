// The operator's port: liveness, readiness, metrics. Separate from the public port, so that probes need no exception
// there.
import express, { type Express } from 'express';

interface OpsNeeds {
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: {
    readonly contentType: string;
    /** The exposition for Prometheus. */
    text(): Promise<string>;
  };
}

export function createOpsApp({ readiness, metrics }: OpsNeeds): Express {
  const app = express().disable('x-powered-by').disable('etag');

  app.get('/livez', (_request, response) => void response.json({ status: 'alive' }));

  app.get('/readyz', async (_request, response) => {
    const { status, body } = await readiness();
    response.status(status).json(body);
  });

  app.get('/metrics', async (_request, response) => void response.type(metrics.contentType).send(await metrics.text()));

  app.router.all(['/livez', '/readyz', '/metrics'], (_request, response) => {
    const problem = { type: 'about:blank', title: 'Method Not Allowed', status: 405 };
    response.status(405).set('Allow', 'GET, HEAD').json(problem);
  });
  app.use(
    (_request, response) => void response.status(404).json({ type: 'about:blank', title: 'Not Found', status: 404 }),
  );
  return app;
}

export interface Readiness {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

interface ReadinessNeeds {
  readonly pingStore: () => Promise<void>;
  /** The state of the store as found by the store guard. */
  readonly storeHealth: () => 'whole' | 'lost' | 'other' | 'moved' | 'evicting' | 'read_only';
  /** One word: why the store accepts no writes. */
  readonly storeReadOnlyReason: () => string | undefined;
  /** Resolves if there is a signing key. */
  readonly loadSigningKey: () => Promise<unknown>;
  readonly cleverHealth: () => 'unknown' | 'up' | 'down';
  /** Whether the process was asked to shut down. */
  readonly isDraining: () => boolean;
}

/** Whether a server should receive requests, with the state of the store and of Clever: the content of /readyz. */
export function createReadiness(needs: ReadinessNeeds): () => Promise<Readiness> {
  const { pingStore, storeHealth, storeReadOnlyReason, loadSigningKey, cleverHealth, isDraining } = needs;

  function describeStore(silence: string | undefined): {
    readonly store: 'ready' | 'read_only' | 'lost' | 'silent';
    readonly cause?: string;
  } {
    const health = storeHealth();
    if (health === 'lost' || health === 'other' || health === 'moved') return { store: 'lost', cause: health };
    if (silence !== undefined) return { store: 'silent', cause: silence };
    // Sessions can still be checked, so the server stays ready: otherwise /readyz of all servers would fail at once.
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
        // For information only: with Clever down, the bridge still shows explanations and checks sessions.
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

/** Undefined if the check resolves; else the reason of a StoreUnavailable. */
const reasonOf = (check: Promise<unknown>): Promise<string | undefined> =>
  check.then(
    () => undefined,
    (failure: unknown) => String(Object(failure).reason ?? 'SILENT'),
  );
