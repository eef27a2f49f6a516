// The fixture of a load: Redis, the stub of Clever and the driver on one core, the bridge alone on the other, and
// twenty published districts. Stops everything it started.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRoot } from '../../sandbox/demo/find-root.ts';
import { createDriver, type Driver } from '../drive-sign-ins.ts';
import { type PinnedProcess, pinSelf, startPinned, untilReady } from '../pinned-process.ts';
import { prepareDistricts } from '../prepare-district.ts';
import { type BenchRedis, findPort, startRedis } from '../start-redis.ts';
import { districts, studentsOfDistrict } from './people.ts';

export interface LoadFixture {
  readonly url: string;
  readonly opsUrl: string;
  /** Where Node's inspector of the bridge listens. */
  readonly inspectorUrl: string;
  readonly bridge: PinnedProcess;
  readonly driver: Driver;
  /** Of a product. */
  readonly authorization: string;
  /** What the store holds, in MiB, where it is a process of its own. */
  storeMib(): Promise<number | undefined>;
  stop(): Promise<void>;
}

export type Engine = 'redis' | 'embedded';

const [ownCore, bridgeCore] = [0, 1];
const app = { clientId: 'a-load', clientSecret: 'a-secret-of-a-load' };

export async function startLoadFixture(engine: Engine): Promise<LoadFixture> {
  pinSelf(ownCore);
  const folder = mkdtempSync(join(tmpdir(), 'sso-load-'));
  const endings: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const ending of endings.reverse()) await ending();
  };
  try {
    const redis = engine === 'redis' ? await startRedis() : undefined;
    if (redis !== undefined) endings.push(redis.stop);
    const [port, opsPort, inspectorPort] = [await findPort(), await findPort(), await findPort()];
    const cleverUrl = await startStub(folder, endings);
    const store = {
      STORE_URL: redis?.url ?? `embedded:${join(folder, 'store')}`,
      STORE_KEYS: `load:${Buffer.alloc(32, 7).toString('base64')}`,
    };
    const env = {
      ...store,
      PORT: `${port}`,
      OPS_PORT: `${opsPort}`,
      PUBLIC_URL: `http://localhost:${port}`,
      PRODUCT_URL: 'http://localhost:4000',
      CLEVER_ISSUER: cleverUrl,
      CLEVER_API_URL: cleverUrl,
      CLEVER_CLIENT_ID: app.clientId,
      CLEVER_CLIENT_SECRET: app.clientSecret,
      // Every school has an address of its own, which the driver forwards as a proxy would.
      TRUST_PROXY: 'loopback',
    };
    const { authorization } = await prepareDistricts(
      env,
      districts.map((id) => ({ id, students: studentsOfDistrict })),
    );
    const log = join(folder, 'bridge.log');
    const main = join(findRoot(), 'dist', 'bridge', 'main.js');
    const command = [process.execPath, `--inspect=127.0.0.1:${inspectorPort}`, main, 'serve'];
    const bridge = startPinned(command, { core: bridgeCore, env, log });
    endings.push(bridge.stop);
    const opsUrl = `http://localhost:${opsPort}`;
    await untilReady(async () => (await fetch(`${opsUrl}/readyz`)).status === 200, log);
    const url = `http://localhost:${port}`;
    // As many sockets as people: requests must queue at the bridge, not in the driver.
    const driver = createDriver({ bridges: [url], connections: 8_000, deadlineMs: 30_000 });
    endings.push(driver.close);
    const inspectorUrl = `http://127.0.0.1:${inspectorPort}`;
    return { url, opsUrl, inspectorUrl, bridge, driver, authorization, storeMib: () => mibOf(redis), stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

async function startStub(folder: string, endings: (() => unknown)[]): Promise<string> {
  const [port, log] = [await findPort(), join(folder, 'clever.log')];
  const command = [process.execPath, join(findRoot(), 'dist', 'bench', 'stub-clever-main.js')];
  const env = { PORT: `${port}`, CLIENT_ID: app.clientId, CLIENT_SECRET: app.clientSecret };
  endings.push(startPinned(command, { core: ownCore, env, log }).stop);
  const url = `http://localhost:${port}`;
  await untilReady(async () => (await fetch(`${url}/oauth/certs`)).ok, log);
  return url;
}

const mibOf = async (redis: BenchRedis | undefined) =>
  redis === undefined ? undefined : (await redis.usedBytes()) / 2 ** 20;
