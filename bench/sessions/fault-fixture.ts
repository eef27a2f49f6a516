// The fixture of a fault run: the stub of Clever as a process, two bridges on one Redis and one address, published
// districts, a driver and a product. Stops everything it started.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BridgeProcess, startBridgeProcess, until } from '../../test/helpers/bridge-process.ts';
import { findFreePort, patientStore } from '../../test/helpers/redis-server.ts';
import { createDriver, type Driver } from '../drive-sign-ins.ts';
import { prepareDistricts } from '../prepare-district.ts';
import { startStubProcess } from '../stub-process.ts';
import { createProduct, type Product } from './product.ts';

export interface FaultFixture {
  readonly districts: readonly string[];
  readonly students: number;
  readonly bridges: number;
  readonly driver: Driver;
  readonly product: Product;
  /** Kills one with SIGKILL and starts it again on its port. */
  killBridge(at: number): Promise<void>;
  /** Waits until every bridge says that it is ready. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const app = { clientId: 'a-fault-run', clientSecret: 'a-secret-of-a-fault-run' };
const districts = Array.from({ length: 6 }, (_, at) => `district-${at}`);
const students = 600;
const startAgainMs = 30_000;

export async function startFaultFixture(storeUrl: string): Promise<FaultFixture> {
  const store = { ...patientStore, STORE_URL: storeUrl, STORE_KEYS: `run:${randomBytes(32).toString('base64')}` };
  const credentials = await prepareDistricts(
    store,
    districts.map((id) => ({ id, students })),
  );
  const clever = await startStubProcess(app);
  const ports = [await findFreePort(), await findFreePort()];
  const start = (port: number) =>
    startBridgeProcess({
      ...store,
      PORT: `${port}`,
      OPS_PORT: '0',
      PUBLIC_URL: `http://localhost:${ports[0]}`,
      LIMITS: 'off',
      PRODUCT_URL: 'http://localhost:4000',
      CLEVER_ISSUER: clever.url,
      CLEVER_API_URL: clever.url,
      CLEVER_CLIENT_ID: app.clientId,
      CLEVER_CLIENT_SECRET: app.clientSecret,
    });
  /** As a service manager does: a bridge that finds no store, in the middle of a failover, exits at once. */
  const startAgain = async (port: number, until = Date.now() + startAgainMs): Promise<BridgeProcess> => {
    try {
      return await start(port);
    } catch (failure) {
      if (Date.now() > until) throw failure;
      await sleep(200);
      return startAgain(port, until);
    }
  };
  const running: BridgeProcess[] = [];
  const stop = async () => {
    await Promise.all(running.map((bridge) => bridge.stop()));
    await clever.stop();
  };
  try {
    for (const port of ports) running.push(await start(port));
  } catch (failure) {
    await stop();
    throw failure;
  }
  const bridges = ports.map((port) => `http://localhost:${port}`);
  const driver = createDriver({ bridges, connections: 32 });
  const product = createProduct({ bridges, product: credentials.authorization, admin: credentials.admin });
  const isReady = ({ opsUrl }: BridgeProcess) =>
    fetch(`${opsUrl}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  return {
    districts,
    students,
    bridges: ports.length,
    driver,
    product,
    async killBridge(at) {
      await running[at]?.kill9();
      running[at] = await startAgain(ports[at] ?? 0);
    },
    async ready() {
      for (const bridge of running) await until(() => isReady(bridge), 'a bridge to be ready', 60_000);
    },
    async stop() {
      await Promise.all([driver.close(), product.close()]);
      await stop();
    },
  };
}
