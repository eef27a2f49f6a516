// The audit log has the settings of a server's start, once for each change and without a secret.
import { recordSettings } from '../../src/admin/record-settings.ts';
import { readConfig } from '../../src/config/config.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const operator = { os_user: 'bridge', host: 'sso-1' };
const version = '1.0.0';

describe.each(engines)('the settings of a server, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    services = await createServices(await storeFixture.place().open());
  });

  const entries = async () => (await services.staffAuditLog.page(10)).entries;

  it('are recorded at the first start and where they changed, not at each start', async () => {
    const settings = { version, LIMITS: 'on', SESSION_TTL: '8h' };
    await recordSettings({ ...services, operator }, settings);
    await recordSettings({ ...services, operator: { ...operator, host: 'sso-2' } }, settings);
    const { SESSION_TTL: _former, ...rest } = settings;
    await recordSettings({ ...services, operator }, { ...rest, LIMITS: 'off', SYNC_AT: '10:00' });
    const shared = { action: 'settings_changed', by: 'bridge', ...operator, version };
    expect(await entries()).toEqual([
      expect.objectContaining({
        ...shared,
        why: 'changed: LIMITS, SESSION_TTL, SYNC_AT',
        LIMITS: 'off',
        SYNC_AT: '10:00',
      }),
      expect.objectContaining({ ...shared, why: 'first start', ...settings }),
    ]);
  });
});

it('a secret is listed as set, whether it is in the environment or in a file', () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  const secrets = {
    STORE_URL: 'redis://:hidden-word@127.0.0.1:6379',
    STORE_KEYS: `one:${key}`,
    CLEVER_CLIENT_SECRET: 'hidden-word',
    HTTPS_PROXY: 'http://somebody:hidden-word@proxy.example:3128',
  };
  const read = readConfig({ ...secrets, CLEVER_CLIENT_ID: 'an-app', PUBLIC_URL: 'http://localhost:3000' }, [
    {
      SESSION_TTL: '8h',
      ATTEMPT_RETENTION: '90d',
      CLEVER_ISSUER: 'https://clever.example',
      CLEVER_API_URL: 'https://api.clever.example',
      CLEVER_STATELESS: 'restart',
      CLEVER_PKCE: 'on',
      PORT: '3000',
      OPS_PORT: '3001',
      PRODUCT_URL: 'http://localhost:4000',
      SYNC_AT: '10:00',
      LIMITS: 'on',
    },
  ]);
  if (read.kind !== 'config') throw new Error(JSON.stringify(read.problems));
  expect(read.shown).toMatchObject({ CLEVER_CLIENT_ID: 'an-app', SESSION_TTL: '8h' });
  for (const name of Object.keys(secrets)) expect([name, read.shown[name]]).toEqual([name, 'set']);
  expect(JSON.stringify(read.shown)).not.toMatch(/hidden-word|BwcHBw/);
});
