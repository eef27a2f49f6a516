// The settings of every contestant, by environment, and how it reports that it listens.
export const { PORT, ISSUER, CLIENT_ID, CLIENT_SECRET, REDIS_URL, BASE_URL } = process.env;

/** Where Clever comes back to, at every contestant. */
export const callbackUrl = `${BASE_URL}/callback`;

export const sayReady = () => process.send?.('ready') ?? process.stdout.write('ready\n');
