// `npm run demo`: stand-in Clever, bridge, two stand-in products and the stand-in provider of the support staff on this
// machine alone, with rosters published, until Ctrl-C. Everything it keeps is in a temporary folder that goes with it.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coachAddresses } from '../reading-coach/start-reading-coach.ts';
import { adminPerson, supportPerson } from '../staff-provider/staff-people.ts';
import { type Child, isWatching, startChild } from './child.ts';
import { findPort } from './find-port.ts';
import { createProductCredential, prepareStore, registerClients, syncAndCheck } from './prepare-store.ts';
import { whatToTry } from './what-to-try.ts';

const folder = mkdtempSync(join(tmpdir(), 'sso-bridge-demo-'));
const children: Child[] = [];
const asked = new Promise<'asked'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('asked'));
});

try {
  const started = start();
  await Promise.race([started, asked]);
  const died = Promise.race((await started).map(({ ended }) => ended));
  if ((await Promise.race([asked, died])) !== 'asked') {
    process.stderr.write(`One of the servers ended:\n${children.map((child) => child.lastWords()).join('\n')}\n`);
    process.exitCode = 1;
  }
} catch (failure) {
  process.stderr.write(`The demo could not start: ${failure instanceof Error ? failure.message : 'unknown'}\n`);
  process.exitCode = 1;
} finally {
  await Promise.all(children.map((child) => child.stop()));
  rmSync(folder, { recursive: true, force: true });
}

async function start(): Promise<readonly Child[]> {
  const [portal, bridge, product, staff, ops, coach = 0] = await findPorts([4000, 3000, 3001, 4001, 9464, 3002]);
  const at = (port: number | undefined) => `http://localhost:${port}`;
  const store = `embedded:${join(folder, 'store')}`;
  const [app, syncApp, supportPages] = ['summit-k12-demo', 'secure-sync-demo', 'support-pages-demo'].map(makeApp);
  if (app === undefined || syncApp === undefined || supportPages === undefined) throw new TypeError('there are three');
  await all([
    prepareStore({ STORE_URL: store })
      .then(() => startDemoProduct(store, product, at(bridge)))
      .then(() => startCoach(store, coach, at(bridge))),
    startStandIn('../clever/main.js', {
      PORT: `${portal}`,
      SUMMIT_K12_CLIENT_ID: app.id,
      SUMMIT_K12_CLIENT_SECRET: app.secret,
      SUMMIT_K12_REDIRECT_URIS: `${at(bridge)}/oauth/clever/callback`,
      SECURE_SYNC_CLIENT_ID: syncApp.id,
      SECURE_SYNC_CLIENT_SECRET: syncApp.secret,
      SECURE_SYNC_REDIRECT_URIS: `${at(bridge)}/oauth/clever/secure-sync/callback`,
    }),
    startStandIn('../staff-provider/main.js', {
      PORT: `${staff}`,
      STAFF_CLIENT_ID: supportPages.id,
      STAFF_CLIENT_SECRET: supportPages.secret,
      STAFF_REDIRECT_URI: `${at(bridge)}/support/callback`,
    }),
  ]);
  const settings = {
    PORT: `${bridge}`,
    OPS_PORT: `${ops}`,
    STORE_URL: store,
    CLEVER_ISSUER: at(portal),
    CLEVER_API_URL: at(portal),
    CLEVER_CLIENT_ID: app.id,
    CLEVER_CLIENT_SECRET: app.secret,
    CLEVER_SECURE_SYNC_CLIENT_ID: syncApp.id,
    CLEVER_SECURE_SYNC_CLIENT_SECRET: syncApp.secret,
    PRODUCT_URL: at(product),
    STAFF_ISSUER: at(staff),
    STAFF_CLIENT_ID: supportPages.id,
    STAFF_CLIENT_SECRET: supportPages.secret,
    STAFF_SUPPORT: supportPerson.email,
    STAFF_ADMIN: adminPerson.email,
  };
  const preflight = await syncAndCheck(settings, folder);
  // What runs in production; in `npm run dev` what the compiler writes, whose files --watch follows.
  const build = isWatching ? 'src' : 'bridge';
  const file = fileURLToPath(new URL(`../../${build}/main.js`, import.meta.url));
  children.push(await startChild(file, ['serve'], settings, (line) => line.includes('"event":"listening"')));
  process.stdout.write(
    whatToTry({
      portal: at(portal),
      bridge: at(bridge),
      product: at(product),
      coach: coachAddresses(coach).url,
      ops: at(ops),
      store,
      folder,
      preflight,
    }),
  );
  return children;
}

/** With a credential it reads the list of ended sessions, as the real product does. */
async function startDemoProduct(store: string, port: number | undefined, bridgeUrl: string): Promise<void> {
  const { id, secret } = await createProductCredential({ STORE_URL: store });
  const credential = { CREDENTIAL_ID: id, CREDENTIAL_SECRET: secret };
  await startStandIn('../product/main.js', { PORT: `${port}`, BRIDGE_URL: bridgeUrl, ...credential });
}

/** On another site, by OpenID Connect. */
async function startCoach(store: string, port: number, bridgeUrl: string): Promise<void> {
  const { coachSecret } = await registerClients({ STORE_URL: store }, port);
  const client = { CLIENT_ID: 'reading-coach', CLIENT_SECRET: coachSecret };
  await startStandIn('../reading-coach/main.js', { PORT: `${port}`, BRIDGE_URL: bridgeUrl, ...client });
}

function makeApp(id: string) {
  return { id, secret: randomBytes(18).toString('base64url') };
}

/** Waits for all, also when one fails, so that whatever was started is known and can be stopped. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}

async function startStandIn(file: string, env: Readonly<Record<string, string>>): Promise<void> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  children.push(await startChild(path, [], env, (line) => line.startsWith('{"url":')));
}

/** Prints each port that is not the usual one. */
async function findPorts(usual: readonly number[]): Promise<readonly number[]> {
  const ports: number[] = [];
  for (const port of usual) {
    const found = await findPort(port);
    if (found !== port) process.stderr.write(`Port ${port} is taken; using ${found}.\n`);
    ports.push(found);
  }
  return ports;
}
