// Redis by TLS: a server without a trusted certificate learns nothing, not even the password.
import { openStore } from '../../../src/store/open-store.ts';
import { readStoreUrl } from '../../../src/store/store-url.ts';
import { startUntrustedServer } from '../../helpers/untrusted-server.ts';

it('a server with an untrusted certificate is sent nothing, and the store is silent', async () => {
  const server = await startUntrustedServer();
  const url = readStoreUrl(`rediss://user:a-password@localhost:${server.port}`);
  if (url.kind === 'invalid') throw new Error(url.reason);
  await expect(openStore(url, { answerMs: 5_000 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(server.connections()).toBeGreaterThan(0);
  expect(server.received()).toBe('');
  await server.close();
});
