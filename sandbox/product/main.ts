// The stand-in product as a process of its own, set up by the environment. Prints one line of JSON when it answers.
import { endOnSignal } from '../listen.ts';
import { startProduct } from './start-product.ts';

const { PORT, BRIDGE_URL, SESSION_AUDIENCE, SESSION_ISSUER, CREDENTIAL_ID, CREDENTIAL_SECRET } = process.env;
if (!BRIDGE_URL) throw new Error('BRIDGE_URL is not set');

const product = await startProduct({
  port: Number(PORT ?? 0),
  bridgeUrl: BRIDGE_URL,
  ...(SESSION_AUDIENCE ? { audience: SESSION_AUDIENCE } : {}),
  ...(SESSION_ISSUER ? { issuer: SESSION_ISSUER } : {}),
  ...(CREDENTIAL_ID && CREDENTIAL_SECRET ? { credential: { id: CREDENTIAL_ID, secret: CREDENTIAL_SECRET } } : {}),
});
process.stdout.write(`${JSON.stringify({ url: product.url })}\n`);
endOnSignal(product.close);
