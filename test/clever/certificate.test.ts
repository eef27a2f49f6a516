// Clever by TLS: the client's secret and the person's token go only to a server with a trusted certificate.
import { createCleverIdentityProvider } from '../../src/clever/clever-identity-provider.ts';
import { createDataApiHttp } from '../../src/clever/data-api-http.ts';
import { startUntrustedServer, type UntrustedServer } from '../helpers/untrusted-server.ts';

describe('a server with an untrusted certificate', () => {
  let server: UntrustedServer;
  beforeEach(async () => {
    server = await startUntrustedServer();
  });
  afterEach(() => server.close());

  it('is not taken for Clever, and is sent nothing', async () => {
    const app = { clientId: 'id', clientSecret: 'secret', redirectUri: 'http://localhost:3000/oauth/clever/callback' };
    const apps = { 'summit-k12': app, 'secure-sync': app };
    const provider = createCleverIdentityProvider({ issuer: `https://localhost:${server.port}`, apps, pkce: true });
    const refused = await provider.authorizationUrl('summit-k12', provider.createChecks('state'));
    expect(refused).toMatchObject({ code: 'clever_unavailable', reason: 'untrusted-certificate' });
    expect(server.connections()).toBeGreaterThan(0);
    expect(server.received()).toBe('');
    await provider.close();
  });

  it('is not taken for Clever’s Data API, and is sent nothing', async () => {
    const http = createDataApiHttp({ callMs: 60_000, connections: 1 });
    const url = new URL(`https://localhost:${server.port}/v3.1/users`);
    const asked = http.get(url, 'Bearer token', AbortSignal.timeout(60_000));
    await expect(asked).rejects.toMatchObject({ reason: 'untrusted-certificate' });
    expect(server.received()).toBe('');
    await http.close();
  });
});
