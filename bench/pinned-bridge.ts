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

/** Without limits: all loads come from one address. */
export const bridgeSettings = (options: PinnedBridgeOptions): Record<string, string> => ({
  STORE_URL: options.storeUrl,
  STORE_KEYS: benchKeys,
  PORT: `${options.port}`,
  OPS_PORT: '0',
  PUBLIC_URL: originOf(options),
  PRODUCT_URL: 'http://localhost:4000',
  CLEVER_ISSUER: options.issuer,
  CLEVER_API_URL: options.issuer,
  CLEVER_CLIENT_ID: options.clientId,
  CLEVER_CLIENT_SECRET: options.clientSecret,
  LIMITS: 'off',
  ...options.env,
});

/** Waits until it answers. */
export async function startPinnedBridge(options: PinnedBridgeOptions): Promise<PinnedBridge> {
  const credentials = await prepareDistricts(bridgeSettings(options), options.districts);
  const main = join(findRoot(), 'dist', options.build ?? 'bridge', 'main.js');
  return { ...(await serveFrom(main, options)), origin: originOf(options), credentials };
}

/** `main serve`, with the store as it is. Waits until it answers. @param main the file of the command `sso-bridge` */
export async function serveFrom(main: string, options: PinnedBridgeOptions): Promise<PinnedProcess> {
  const { core, log, nodeArgs = [] } = options;
  const env = bridgeSettings(options);
  const running = startPinned([process.execPath, ...nodeArgs, main, 'serve'], { core, env, log });
  await untilReady(async () => (await fetch(`${originOf(options)}/session`)).status < 500, log);
  return running;
}

const originOf = ({ port }: PinnedBridgeOptions): string => `http://localhost:${port}`;
