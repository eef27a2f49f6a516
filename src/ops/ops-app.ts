// The operator's port: alive, ready, metrics. Apart from the public one, so that no probe needs an exception there.
import express, { type Express } from 'express';
import type { Metrics } from './metrics.ts';

export interface OpsNeeds {
  readonly pingStore: () => Promise<void>;
  /** What is known of what the store holds and takes. */
  readonly storeHealth: () => 'whole' | 'lost' | 'other' | 'evicting' | 'read_only';
  /** One word on why it takes no writes. */
  readonly storeReadOnlyReason: () => string | undefined;
  /** Resolves if there is a key to sign with. */
  readonly loadSigningKey: () => Promise<unknown>;
  readonly cleverHealth: () => 'unknown' | 'up' | 'down';
  /** The process was told to end. */
  readonly isDraining: () => boolean;
  readonly metrics: Metrics;
}

export function createOpsApp({
  pingStore,
  storeHealth,
  storeReadOnlyReason,
  loadSigningKey,
  cleverHealth,
  isDraining,
  metrics,
}: OpsNeeds): Express {
  const app = express().disable('x-powered-by').disable('etag');
  const holds = (check: Promise<unknown>) =>
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

  function describeStore(silence: string | undefined): {
    readonly store: 'ready' | 'read_only' | 'lost' | 'silent';
    readonly cause?: string;
  } {
    const health = storeHealth();
    if (health === 'lost' || health === 'other') return { store: 'lost', cause: health };
    if (silence !== undefined) return { store: 'silent', cause: silence };
    // Sessions are still checked, so that a server stays ready: /readyz of all would fail at once.
    if (health === 'read_only') return { store: 'read_only', cause: storeReadOnlyReason() ?? health };
    return health === 'whole' ? { store: 'ready' } : { store: 'ready', cause: health };
  }

  app.get('/livez', (_request, response) => void response.json({ status: 'alive' }));

  app.get('/readyz', async (_request, response) => {
    const [silence, key] = await Promise.all([reasonOf(pingStore()), holds(loadSigningKey())]);
    const isReady = silence === undefined && key && !isDraining();
    response.status(isReady ? 200 : 503).json({
      status: isReady ? 'ready' : isDraining() ? 'draining' : 'not_ready',
      ...describeStore(silence),
      signing_key: key ? 'loaded' : 'missing',
      // Told, not decisive: with Clever down the bridge still explains itself and checks sessions.
      clever: cleverHealth(),
    });
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
