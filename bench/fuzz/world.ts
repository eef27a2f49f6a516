// The target of the requests: a real bridge, a stand-in Clever and staff provider, rosters, signed-in users,
// credentials of every scope. Fills the placeholders of a request, and lists what no answer may contain.
import { startStaffProvider } from '../../sandbox/staff-provider/start-staff-provider.ts';
import { type Engine, type Fixture, startFixture } from '../../test/helpers/bridge.ts';
import { findFreePort } from '../../test/helpers/redis-server.ts';
import { createTenants, staffClient, type Tenants } from './tenants.ts';

export interface World {
  readonly fixture: Fixture;
  /** Replaces every `{{placeholder}}`; an unknown one stays as it is. */
  fill(text: string): string;
  /** In no answer to any client. */
  secrets(): ReadonlyMap<string, string>;
  /** Personal data by the placeholder of their owner: only in answers to that user and to credentials. */
  readonly personal: ReadonlyMap<string, readonly string[]>;
  /** Origins that a redirect may lead to besides our own paths. */
  readonly redirects: readonly string[];
  /** Signs the users in again, since the requests end their sessions. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export async function createWorld(engine: Engine, limits: 'on' | 'off'): Promise<World> {
  const port = await findFreePort();
  const fixture = await startFixture({
    engine,
    env: {
      LIMITS: limits,
      STAFF_ISSUER: `http://localhost:${port}`,
      STAFF_CLIENT_ID: staffClient.clientId,
      STAFF_CLIENT_SECRET: staffClient.clientSecret,
      STAFF_SUPPORT: 'casey@support.example',
      STAFF_ADMIN: 'robin@support.example',
    },
  });
  try {
    return await createServices(fixture, port);
  } catch (failure) {
    await fixture.stop();
    throw failure;
  }
}

async function createServices(fixture: Fixture, port: number): Promise<World> {
  const staff = await startStaffProvider({
    ...staffClient,
    port,
    redirectUri: `${fixture.publicUrl}/support/callback`,
  });
  const tenants: Tenants = await createTenants(fixture);
  await tenants.refresh();
  return {
    fixture,
    fill: (text) => text.replace(/\{\{([\w.-]+)\}\}/g, (hole, name: string) => tenants.values().get(name) ?? hole),
    secrets: tenants.secrets,
    personal: tenants.personal,
    redirects: [fixture.clever.url, fixture.productUrl, `http://localhost:${port}`],
    refresh: tenants.refresh,
    async stop() {
      await staff.close();
      await fixture.stop();
    },
  };
}
