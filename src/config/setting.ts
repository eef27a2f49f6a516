// Converts the text of a setting into a value. Messages say what is expected and never repeat the given text.
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import * as z from 'zod';

/** A text that `read` converts into a value; `undefined` if it could not. */
export const setting = <Value>(expected: string, read: (text: string) => Value | undefined) =>
  z.string().transform((text, context): Value => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `must be ${expected}` });
    return z.NEVER;
  });

export const text = z.string();

/** Such as a second line of a file, which no server would accept. */
export const secret = setting('text without line ends and control characters', (value) =>
  /[\p{Cc}\uFEFF]/u.test(value) ? undefined : value,
);

export const port = setting('a port number, 0 to 65535', (value) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : undefined,
);

const secondsPer = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `90s`, `15m`, `8h`, `90d` -> whole seconds. */
export const duration = setting('a time such as 90s, 15m, 8h or 90d', (value) => {
  const [, amount, unit] = /^([1-9]\d{0,6})([smhd])$/.exec(value) ?? [];
  return amount && unit && unit in secondsPer
    ? Number(amount) * secondsPer[unit as keyof typeof secondsPer]
    : undefined;
});

/** `2s` -> seconds: timeout for one response of another server. */
export const answerTime = setting('a time from 1s to 30s, such as 2s', (value) => {
  const { data } = duration.safeParse(value);
  return data !== undefined && data <= 30 ? data : undefined;
});

/** As `duration`, and `0s` for none. */
export const delay = setting('a time such as 10s or 2m, or 0s', (value) =>
  value === '0s' ? 0 : duration.safeParse(value).data,
);

/** Number of serving processes; `auto`: one for each core available to this process. */
export const workers = setting('a number from 1 to 64, or auto', (value) => {
  if (value === 'auto') return Math.min(availableParallelism(), 64);
  const count = /^\d{1,2}$/.test(value) ? Number(value) : 0;
  return count >= 1 && count <= 64 ? count : undefined;
});

/** `HH:MM`, UTC. */
export const timeOfDay = setting('a time of day such as 02:00', (value) =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : undefined,
);

export const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  setting<Words[number]>(`one of ${words.join(', ')}`, (value) => words.find((word) => word === value));

/** A URL; `http:` only for loopback hosts, because secrets and cookies travel on it. */
export const address = setting(
  'an https address (http for loopback hosts only), without user, query or fragment',
  (value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || url.username || url.password || url.search || url.hash) return undefined;
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)) ? url : undefined;
  },
);

/** The path of a file in PEM -> its text. @param parse throws for invalid content */
const pemFile = (expected: string, parse: (pem: string) => unknown) =>
  setting(`the path of a file with ${expected} in PEM`, (path) => {
    try {
      const pem = readFileSync(path, 'utf8');
      parse(pem);
      return pem;
    } catch {
      return undefined;
    }
  });

/** OpenSSL treats a file without any certificate as an authority, and then trusts none. */
export const certificates = pemFile('certificates', (pem) => new X509Certificate(pem));
export const privateKey = pemFile('a private key that needs no passphrase', (pem) => createPrivateKey(pem));

/** Both as read by the two settings above. */
export const isKeyOf = (key: string, certificate: string): boolean =>
  new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));

/** The path of a public key in PEM (SPKI), of a type that has a JWE algorithm. */
export const publicKey = setting(
  'the path of a public key in PEM: P-256, P-384, P-521, or RSA of 2,048 bits',
  (path) => {
    try {
      const pem = readFileSync(path, 'utf8');
      // The public half could be derived from it, but then the private one would be stored beside the data.
      if (/PRIVATE KEY/.test(pem)) return undefined;
      const key = createPublicKey(pem);
      const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
      const isGood = key.asymmetricKeyType === 'rsa' ? modulusLength >= 2_048 : curves.includes(namedCurve);
      return isGood ? key : undefined;
    } catch {
      return undefined;
    }
  },
);

const curves: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/** May hold a user and a password. */
export const proxyAddress = setting(
  'the http or https address of a proxy, such as http://proxy.example.org:3128',
  (value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url && /^https?:$/.test(url.protocol) && url.pathname === '/' ? url : undefined;
  },
);

export const isLoopback = (url: URL): boolean =>
  url.hostname === 'localhost' || /^127(\.\d{1,3}){3}$/.test(url.hostname) || url.hostname === '[::1]';

/** Comma-separated; spaces are trimmed, empty entries ignored. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const isAddressOrDomain = (part: string): boolean => /^[^\s@<>"(),:;]*@[^\s@<>"(),:;]+\.[^\s@<>"(),:;]+$/.test(part);

/** The staff members with a scope. A malformed entry is an error, since it would silently match no one. */
export const staffList = setting('a comma list of addresses or @domain', (value) => {
  const parts = list.parse(value);
  return parts.length > 0 && parts.every(isAddressOrDomain) ? parts : undefined;
});

export const ipAddress = setting('an IP address of this machine', (value) => (isIP(value) === 0 ? undefined : value));

export const origins = setting('a comma list of origins such as https://app.example.org', (value) => {
  const parts = list.parse(value);
  const urls = parts.flatMap((part) => (URL.canParse(part) ? [new URL(part)] : []));
  return urls.length === parts.length && urls.every((url) => /^https?:$/.test(url.protocol))
    ? urls.map((url) => url.origin)
    : undefined;
});

/** `id:base64(32 bytes)`, comma-separated, each id once. */
export const storeKeys = setting('id:base64(32 bytes), comma separated, each id once', (value) => {
  const keys = list.parse(value).map((part) => {
    const colon = part.indexOf(':');
    return { id: part.slice(0, colon), key: Buffer.from(part.slice(colon + 1), 'base64') };
  });
  const ids = new Set(keys.map(({ id }) => id));
  return keys.length > 0 &&
    ids.size === keys.length &&
    keys.every(({ id, key }) => /^[\w.-]{1,64}$/.test(id) && key.length === 32)
    ? keys
    : undefined;
});

/**
 * As Express takes it: true, false, a number of hops, or a comma-separated list of addresses, networks and their names.
 */
export const trustProxy = setting(
  'true, false, a number of hops, or a comma list of addresses and networks',
  (value) => {
    if (value === 'true' || value === 'false') return value === 'true';
    if (/^\d{1,3}$/.test(value)) return Number(value);
    const parts = list.parse(value);
    return parts.length > 0 && parts.every(isNetwork) ? parts.join(',') : undefined;
  },
);

function isNetwork(part: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(part)) return true;
  const [ip = '', length, ...more] = part.split('/');
  const bits = isIP(ip) === 4 ? 32 : 128;
  return (
    isIP(ip) !== 0 &&
    more.length === 0 &&
    (length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits))
  );
}

/** A bare domain for which a cookie may be set: not a public suffix such as org or k12.ca.us. */
export const hostName = setting('a domain name such as example.org', (value) =>
  /^\.?([a-z0-9-]+\.)*[a-z0-9-]+$/i.test(value) ? value.replace(/^\./, '').toLowerCase() : undefined,
);
