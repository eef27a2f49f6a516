// The operator's port: liveness, readiness, metrics. Separate from the public port, so that probes need no exception
// there.
import express, { type Express } from 'express';
import type { Readiness } from './readiness.ts';

export interface OpsNeeds {
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
