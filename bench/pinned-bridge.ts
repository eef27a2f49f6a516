// This bridge, built, on a core of its own, with districts published for it: what every measurement of it starts.
import { join } from 'node:path';
import { findRoot } from '../sandbox/demo/find-root.ts';
import { type PinnedProcess, startPinned, untilReady } from './pinned-process.ts';
import { type PreparedCredentials, type PreparedDistrict, prepareDistricts } from './prepare-district.ts';

export interface PinnedBridge extends PinnedProcess {
  readonly origin: string;
  readonly credentials: PreparedCredentials;
}

export interface PinnedBridgeOptions {
  readonly core: number;
  readonly port: number;
  readonly storeUrl: string;
  /** Clever's, or its stub's. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly districts: readonly PreparedDistrict[];
  /** Where its output goes. */
  readonly log: string;
  /** Laid over the settings it has otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  /** `src`: not bundled, for a profile by library and file. Default: as in production. */
  readonly build?: 'src' | 'bridge';
}

/** Of every store that a bench fills. */
export const benchKeys = `bench:${Buffer.alloc(32, 7).toString('base64')}`;

/** Waits until it answers. Without limits: all loads come from one address. */
export async function startPinnedBridge(options: PinnedBridgeOptions): Promise<PinnedBridge> {
  const { core, port, storeUrl, issuer, clientId, clientSecret, districts, log } = options;
  const origin = `http://localhost:${port}`;
  const env = {
    STORE_URL: storeUrl,
    STORE_KEYS: benchKeys,
    PORT: `${port}`,
    OPS_PORT: '0',
    PUBLIC_URL: origin,
    PRODUCT_URL: 'http://localhost:4000',
    CLEVER_ISSUER: issuer,
    CLEVER_API_URL: issuer,
    CLEVER_CLIENT_ID: clientId,
    CLEVER_CLIENT_SECRET: clientSecret,
    LIMITS: 'off',
    ...options.env,
  };
  const credentials = await prepareDistricts(env, districts);
  const main = join(findRoot(), 'dist', options.build ?? 'bridge', 'main.js');
  const command = [process.execPath, ...(options.nodeArgs ?? []), main, 'serve'];
  const running = startPinned(command, { core, env, log });
  await untilReady(async () => (await fetch(`${origin}/session`)).status < 500, log);
  return { ...running, origin, credentials };
}
