// The composition root of a server. Only this folder builds adapters; every use case gets exactly its ports.
import type { Express } from 'express';
import type { Config, ShownSettings } from '../config/config.ts';
import type { Log } from '../ops/log.ts';
import { createMetrics, type Metrics } from '../ops/metrics.ts';
import { createOpsApp, createReadiness, type Readiness } from '../ops/ops-app.ts';
import type { DropTimes } from '../sftp-drop/watch-drop.ts';
import { runWithTracer } from '../trace/request-context.ts';
import { createServerWork } from './background-work.ts';
import { createServerParts } from './server-parts.ts';
import { openServerServices, recordStart } from './server-services.ts';
import { createServerApp, createSurfaces } from './surfaces.ts';
import { openTracing } from './tracing.ts';

export interface Bridge {
  readonly app: Express;
  readonly opsApp: Express;
  /** The response of `opsApp`, for a process that answers for several. */
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Pick<Metrics, 'contentType' | 'text' | 'json'>;
  /** Starts the background work of each process. */
  startWork(): void;
  /** Starts the work of one process among several: the SFTP drop, the nightly sync, maintenance. */
  startSharedWork(): void;
  /** From here on /readyz responds 503, so that the load balancer sends no new requests. */
  stopBeingReady(): void;
  /** Stops the background work after its current step, then closes everything. */
  close(): Promise<void>;
}

export interface BridgeOptions {
  readonly dropTimes?: Partial<DropTimes>;
  /** From package.json; a label of a metric. */
  readonly version?: string;
  /** Settings without secrets, recorded in the audit log at the start. */
  readonly settings?: ShownSettings;
}

export async function createBridge(config: Config, log: Log, options: BridgeOptions = {}): Promise<Bridge> {
  const metrics = createMetrics(options.version);
  const tracing = await openTracing(config, log, options.version);
  const { services, guard } = await openServerServices(config, log, metrics);
  // A store that accepts no writes now can still check sessions.
  await recordStart(services, options).catch(log.failure);
  const { store, vault } = services.storage;
  const parts = createServerParts(services, { config, log, metrics });
  const surfaces = createSurfaces(services, parts);
  const { provider, logouts } = surfaces;
  metrics.clever.follow(provider.health);
  const work = createServerWork(services, { ...parts, dropTimes: options.dropTimes });
  let isDraining = false;
  const readiness = createReadiness({
    pingStore: store.ping,
    storeHealth: guard.health,
    storeReadOnlyReason: guard.readOnlyReason,
    loadSigningKey: services.sessions.keys.current,
    cleverHealth: provider.health,
    isDraining: () => isDraining,
  });

  return {
    app: createServerApp({ parts, surfaces, vault, tracer: tracing.tracer }),
    opsApp: createOpsApp({ readiness, metrics }),
    readiness,
    metrics,
    stopBeingReady() {
      isDraining = true;
    },
    startWork() {
      guard.start();
      work.startOwn();
      if (config.LIMITS === 'on') parts.admission.start();
    },
    startSharedWork() {
      runWithTracer(tracing.tracer, () => {
        work.startShared();
        logouts.start();
      });
    },
    async close() {
      parts.admission.close();
      await Promise.all([work.close(), logouts.close()]);
      await Promise.all([provider.close(), tracing.close()]);
      await store.close();
    },
  };
}
