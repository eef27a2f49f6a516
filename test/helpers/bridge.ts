// The fixture of an end-to-end test: stand-in Clever and product in this process, real bridges as processes on a
// store of their own, and browsers that follow redirects. Stops everything it started and checks for leaks then.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoPeople } from '../../sandbox/clever/people.ts';
import type { App, Person } from '../../sandbox/clever/person.ts';
import { type Clever, type CleverOptions, startClever } from '../../sandbox/clever/start-clever.ts';
import { prepareStore } from '../../sandbox/demo/prepare-store.ts';
import { startProduct } from '../../sandbox/product/start-product.ts';
import { type Answer, type Client, type ClientOptions, createClient } from './bridge-client.ts';
import { type CommandResult, runBridgeCommand } from './bridge-command.ts';
import { createLeakWatch } from './bridge-leaks.ts';
import { type BridgeProcess, type Environment, startBridgeProcess } from './bridge-process.ts';
import { countTokenRequests } from './bridge-token-requests.ts';
import { expectOpenApi } from './expect-openapi.ts';
import { findFreePort, patientStore, type RedisServer, startRedis } from './redis-server.ts';

export type Engine = 'embedded' | 'redis';
export const engines: readonly Engine[] = ['embedded', 'redis'];

export interface FixtureOptions {
  readonly engine: Engine;
  /** How many bridges share the store and the address; 1 by default. */
  readonly bridges?: number;
  /** Further settings of the bridges. */
  readonly env?: Environment;
  /** `demo`, the default: the districts of the demo with their rosters. */
  readonly rosters?: 'demo' | 'none';
  readonly people?: readonly Person[];
  readonly clever?: Partial<CleverOptions>;
  /** The address that Clever and the product know the bridge by; its own by default. */
  readonly publicUrl?: string;
}

export interface Fixture {
  readonly clever: Clever;
  readonly productUrl: string;
  /** What the first bridge calls itself. */
  readonly publicUrl: string;
  /** The settings that all bridges and commands share. */
  readonly env: Environment;
  readonly bridge: BridgeProcess;
  readonly bridges: readonly BridgeProcess[];
  readonly redis: RedisServer | undefined;
  /** The folder of the embedded store. */
  readonly storePath: string | undefined;
  /** One more bridge on the same store and address, for a test of its own; ended with the fixture. */
  addBridge(env?: Environment): Promise<BridgeProcess>;
  command(...words: readonly string[]): Promise<CommandResult>;
  browser(options?: ClientOptions): Client;
  /** A click in the portal: the person signs in at Clever and launches the app. */
  launchAddress(person: string, app?: App): string;
  /** Leads from an address up to, not into, the bridge's callback that has a state. */
  toCallback(client: Client, address: string | URL): Promise<URL>;
  /** Requests to Clever's token endpoint so far. */
  tokenRequests(): number;
  stop(): Promise<void>;
}

export const cleverApp = { clientId: 'summit-k12-app', clientSecret: 'a-secret-of-the-first-app' };
export const syncApp = { clientId: 'secure-sync-app', clientSecret: 'a-secret-of-the-second-app' };

export async function startFixture(options: FixtureOptions): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-fixture-'));
  const endings: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const end = async () => {
    const failures: unknown[] = [];
    for (const ending of endings.splice(0).reverse()) await ending().catch((failure) => failures.push(failure));
    if (failures.length > 0) throw new AggregateError(failures, 'the fixture did not stop cleanly');
  };
  try {
    return await createServices(options, folder, endings, end);
  } catch (failure) {
    await end();
    throw failure;
  }
}

async function createServices(
  options: FixtureOptions,
  folder: string,
  endings: (() => Promise<unknown>)[],
  end: () => Promise<void>,
): Promise<Fixture> {
  const redis = options.engine === 'redis' ? await startRedis({ args: ['--appendonly', 'yes'] }) : undefined;
  if (redis !== undefined) endings.push(redis.stop);
  const ports = await freePorts(2 * (options.bridges ?? 1));
  const publicUrl = options.publicUrl ?? `http://localhost:${ports[0]}`;
  const callbacks = [`${publicUrl}/oauth/clever/callback`, `${publicUrl}/oauth/clever/secure-sync/callback`];
  const clever = await startClever({
    apps: {
      'summit-k12': { ...cleverApp, redirectUris: callbacks.slice(0, 1) },
      'secure-sync': { ...syncApp, redirectUris: callbacks.slice(1) },
    },
    people: options.people ?? demoPeople,
    ...options.clever,
  });
  endings.push(clever.close);
  const tokenRequests = countTokenRequests(clever.url);
  endings.push(async () => tokenRequests.stop());
  const product = await startProduct({ bridgeUrl: publicUrl });
  endings.push(product.close);
  const storeEnv: Environment =
    redis === undefined
      ? { STORE_URL: `embedded:${join(folder, 'store')}` }
      : { ...patientStore, STORE_URL: redis.url, STORE_KEYS: `test:${randomBytes(32).toString('base64')}` };
  if (options.rosters !== 'none') await prepareStore(storeEnv);
  const env: Environment = {
    ...storeEnv,
    PUBLIC_URL: publicUrl,
    PRODUCT_URL: product.url,
    CLEVER_ISSUER: clever.url,
    CLEVER_API_URL: clever.url,
    CLEVER_CLIENT_ID: cleverApp.clientId,
    CLEVER_CLIENT_SECRET: cleverApp.clientSecret,
    CLEVER_SECURE_SYNC_CLIENT_ID: syncApp.clientId,
    CLEVER_SECURE_SYNC_CLIENT_SECRET: syncApp.clientSecret,
    // No time limit: tests of timeouts set their own.
    CLEVER_TIMEOUT: '30s',
    LIMITS: 'off',
    ...options.env,
  };
  const leaks = createLeakWatch(options.people ?? demoPeople, env);
  const all: BridgeProcess[] = [];
  const start = async (own: Environment) => {
    const bridge = await startBridgeProcess({ ...env, ...own });
    all.push(bridge);
    endings.push(bridge.stop);
    return bridge;
  };
  const bridges: BridgeProcess[] = [];
  for (let each = 0; each < ports.length; each += 2) {
    bridges.push(await start({ PORT: `${ports[each]}`, OPS_PORT: `${ports[each + 1]}` }));
  }
  const [bridge] = bridges;
  if (bridge === undefined) throw new TypeError('a fixture has a bridge');

  /** Every answer of a bridge must be in openapi.yaml; those of the stand-ins need not. */
  const isOurs = ({ origin }: URL) =>
    [publicUrl, ...all.flatMap(({ url, opsUrl }) => [url, opsUrl])].some((ours) => new URL(ours).origin === origin);

  const isCallback = (url: URL) =>
    url.origin === new URL(publicUrl).origin && url.pathname.endsWith('/callback') && url.searchParams.has('state');

  return {
    clever,
    productUrl: product.url,
    publicUrl,
    env,
    bridge,
    bridges,
    redis,
    storePath: redis === undefined ? join(folder, 'store') : undefined,
    addBridge: async (own = {}) => {
      const [port, opsPort] = await freePorts(2);
      return start({ PORT: `${port}`, OPS_PORT: `${opsPort}`, ...own });
    },
    command: (...words) => runBridgeCommand(env, [...words, '--json']),
    browser: (own = {}) =>
      createClient({
        ...own,
        seeAnswer: (answer, method) => {
          leaks.learn(answer);
          if (isOurs(answer.url)) expectOpenApi(method, answer.url.href, answer);
          own.seeAnswer?.(answer, method);
        },
      }),
    launchAddress: (person, app = 'summit-k12') => `${clever.url}/portal/launch?person=${person}&app=${app}`,
    async toCallback(client, address) {
      const { location } = await client.open(address, { stopBefore: isCallback });
      if (location === undefined) throw new Error(`${address} did not lead to a callback`);
      return location;
    },
    tokenRequests: tokenRequests.count,
    async stop() {
      await end();
      leaks.check(all.flatMap(({ raw }) => raw));
    },
  };
}

export function isAtProduct(fixture: Pick<Fixture, 'productUrl'>, answer: Answer): boolean {
  return answer.status === 200 && answer.url.origin === fixture.productUrl;
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await findFreePort());
  return [...ports];
}
