// The operator's port: alive, ready, metrics. Apart from the public one, so that no probe needs an exception there.
import express, { type Express } from 'express';
import type { Metrics } from './metrics.ts';

export interface OpsNeeds {
  readonly pingStore: () => Promise<void>;
  /** What is known of what the store holds: `lost` and `other` are told instead of `down`, `evicting` instead of `up`. */
  readonly storeHealth: () => 'whole' | 'lost' | 'other' | 'evicting';
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

  app.get('/livez', (_request, response) => void response.json({ status: 'alive' }));

  app.get('/readyz', async (_request, response) => {
    const [store, key] = await Promise.all([holds(pingStore()), holds(loadSigningKey())]);
    const isReady = store && key && !isDraining();
    response.status(isReady ? 200 : 503).json({
      status: isReady ? 'ready' : isDraining() ? 'draining' : 'not_ready',
      store: storeHealth() === 'whole' ? (store ? 'up' : 'down') : storeHealth(),
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
