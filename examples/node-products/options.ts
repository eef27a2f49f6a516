// The settings of the three products, from the environment: BRIDGE_URL (what `iss` is), SESSION_AUDIENCE (what `aud` is),
// CREDENTIAL_ID and CREDENTIAL_SECRET (of scope product), PORT.
import type { VerifierOptions } from 'summit-k12-sso-verifier';

const { BRIDGE_URL = '', SESSION_AUDIENCE = '', CREDENTIAL_ID = '', CREDENTIAL_SECRET = '', PORT = '0' } = process.env;

export const options: VerifierOptions = {
  issuer: BRIDGE_URL,
  audience: SESSION_AUDIENCE,
  revocations: { id: CREDENTIAL_ID, secret: CREDENTIAL_SECRET, intervalSeconds: 2 },
};

/** Port and host. */
export const listenOn: [number, string] = [Number(PORT), '127.0.0.1'];
