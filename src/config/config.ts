// Environment and layered defaults -> Config, or a list of all problems: contract section 6. Problems name settings and
// never repeat values, which may be secrets. gather-settings.ts collects the settings.
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as z from 'zod';
import { readStoreUrl } from '../store/store-url.ts';
import {
  type BrokenLayer,
  type ConfigProblem,
  type Environment,
  type GatheredSettings,
  gatherSettings,
  type Layer,
  movedNames,
  secretNames,
} from './gather-settings.ts';
import {
  address,
  answerTime,
  certificates,
  delay,
  duration,
  hostName,
  ipAddress,
  isKeyOf,
  isLoopback,
  oneOf,
  origins,
  port,
  privateKey,
  proxyAddress,
  publicKey,
  secret,
  setting,
  staffList,
  storeKeys,
  text,
  timeOfDay,
  trustProxy,
  workers,
} from './setting.ts';
import { sdkSettingNames, tracingProblems, tracingSettings } from './tracing-settings.ts';

const storeUrl = z.string().transform((value, context) => {
  const parsed = readStoreUrl(value);
  if (parsed.kind !== 'invalid') return parsed;
  context.addIssue({ code: 'custom', message: parsed.reason });
  return z.NEVER;
});

/** From the most to the least verbose; pino's names. */
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What every command needs. */
const commandSettings = z.object({
  // A misspelled "production" would run without production's checks.
  NODE_ENV: oneOf('production', 'development', 'test').optional(),
  STORE_URL: storeUrl,
  STORE_KEYS: storeKeys.optional(),
  STORE_TLS_CA: certificates.optional(),
  STORE_TLS_CERT: certificates.optional(),
  STORE_TLS_KEY: privateKey.optional(),
  STORE_TLS_SERVERNAME: text.optional(),
  STORE_SENTINEL_USERNAME: text.optional(),
  STORE_SENTINEL_PASSWORD: secret.optional(),
  STORE_TIMEOUT: answerTime.optional(),
  STORE_ESCROW_KEY: publicKey.optional(),
  SESSION_TTL: duration,
  ATTEMPT_RETENTION: duration,
  STAFF_FOUR_EYES: oneOf('on', 'off').optional(),
});

/** Additional settings of `sync`: Clever and the app's credentials. */
const syncSettings = commandSettings.extend({
  CLEVER_ISSUER: address,
  CLEVER_API_URL: address,
  CLEVER_CLIENT_ID: text,
  CLEVER_CLIENT_SECRET: secret,
  CLEVER_SECURE_SYNC_CLIENT_ID: text.optional(),
  CLEVER_SECURE_SYNC_CLIENT_SECRET: secret.optional(),
  HTTPS_PROXY: proxyAddress.optional(),
  NO_PROXY: text.optional(),
});

/** Additional setting of `clever check`: the address of the callback. */
const cleverCheckSettings = syncSettings.extend({ PUBLIC_URL: address });

/** Additional settings of `serve`. */
const serveSettings = syncSettings.extend({
  PORT: port,
  OPS_PORT: port,
  OPS_HOST: ipAddress.optional(),
  PUBLIC_URL: address,
  CLEVER_STATELESS: oneOf('restart', 'reject'),
  CLEVER_PKCE: oneOf('on', 'off'),
  CLEVER_TIMEOUT: answerTime.optional(),
  PRODUCT_URL: setting('a web address', (value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined;
  }),
  RETURN_TO: origins.optional(),
  SESSION_AUDIENCE: text.optional(),
  SESSION_COOKIE_DOMAIN: hostName.optional(),
  SFTP_DROP: setting('a folder that is there', (path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : undefined,
  ).optional(),
  SYNC_AT: timeOfDay,
  SUPPORT_CONTACT: setting('text of at most 500 characters', (value) =>
    value.length <= 500 && /^[^\p{Cc}]*$/u.test(value) ? value : undefined,
  ).optional(),
  STAFF_ISSUER: address.optional(),
  STAFF_CLIENT_ID: text.optional(),
  STAFF_CLIENT_SECRET: secret.optional(),
  STAFF_SUPPORT: staffList.optional(),
  STAFF_ADMIN: staffList.optional(),
  DISTRICT_PAGES: oneOf('on', 'off').optional(),
  LIMITS: oneOf('on', 'off'),
  TRUST_PROXY: trustProxy.optional(),
  DRAIN_DELAY: delay.default(0),
  WORKERS: workers.default(1),
  LOG_LEVEL: oneOf(...logLevels).default('info'),
  ...tracingSettings,
});

/** Additional settings of `keys vectors`: issuer and audience of the tokens. */
const vectorSettings = commandSettings.extend({
  PUBLIC_URL: serveSettings.shape.PUBLIC_URL,
  PRODUCT_URL: serveSettings.shape.PRODUCT_URL.optional(),
  SESSION_AUDIENCE: serveSettings.shape.SESSION_AUDIENCE,
});

export type CommandConfig = z.infer<typeof commandSettings>;
type VectorConfig = z.infer<typeof vectorSettings>;
export type SyncConfig = z.infer<typeof syncSettings>;
export type CleverCheckConfig = z.infer<typeof cleverCheckSettings>;
type ServeSettings = z.infer<typeof serveSettings>;

/** All times in seconds. */
export interface Config extends ServeSettings {
  readonly RETURN_TO: string[];
  readonly SESSION_AUDIENCE: string;
}

/** By name, in the order of the names. */
export type ShownSettings = Readonly<Record<string, string>>;

export type Read<Value> =
  | {
      readonly kind: 'config';
      readonly config: Value;
      /** The settings as written; for those that may hold a secret, only that they are set. */
      readonly shown: ShownSettings;
    }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

type Layers = readonly (Layer | BrokenLayer)[];

/** @param layers lowest first; an empty text in the environment counts as not set */
export function readConfig(environment: Environment, layers: Layers): Read<Config> {
  const read = readSettings(serveSettings, gather(environment, layers), (settings, values) => [
    ...cleverProblems(settings, values),
    ...serveProblems(settings),
    ...tracingProblems(settings, values),
  ]);
  if (read.kind === 'problems') return read;
  const origin = read.config.PRODUCT_URL.origin;
  const { RETURN_TO = [origin], SESSION_AUDIENCE = origin } = read.config;
  return { ...read, config: { ...read.config, RETURN_TO, SESSION_AUDIENCE } };
}

/** For commands that use the store only; settings that only `serve` needs are not validated. */
export const readCommandConfig = (environment: Environment, layers: Layers): Read<CommandConfig> =>
  readSettings(commandSettings, gather(environment, layers), storeProblems);

/** For the command that makes test vectors for verifiers. */
export const readVectorConfig = (environment: Environment, layers: Layers): Read<VectorConfig> =>
  readSettings(vectorSettings, gather(environment, layers), storeProblems);

/** For commands that also read Clever's Data API. */
export const readSyncConfig = (environment: Environment, layers: Layers): Read<SyncConfig> =>
  readSettings(syncSettings, gather(environment, layers), cleverProblems);

/** For the command that checks Clever as sign-ins and syncs use it. */
export const readCleverCheckConfig = (environment: Environment, layers: Layers): Read<CleverCheckConfig> =>
  readSettings(cleverCheckSettings, gather(environment, layers), cleverProblems);

/** Unknown names that resemble settings of the bridge: one may be the misspelling of a missing setting. */
export const findUnknownSettings = (environment: Environment, layers: Layers): readonly string[] =>
  gather(environment, layers).unknown;

type Checks = (settings: Partial<ServeSettings>, values: GatheredSettings['values']) => ConfigProblem[];

/**
 * @param crossChecks receive each setting that could be read, so that their problems are reported together with the
 * others
 */
function readSettings<Value extends CommandConfig>(
  schema: z.ZodType<Value> & Pick<typeof commandSettings, 'shape'>,
  { values, problems: found }: GatheredSettings,
  crossChecks: Checks,
): Read<Value> {
  const read = schema.safeParse(values);
  const problems = [...found];
  // A setting that cannot be read is not reported as missing too.
  const isFound = (name: string) => found.some(({ setting }) => setting === name || setting === `${name}_FILE`);
  for (const problem of [...issuesOf(read), ...crossChecks(readable(schema, values), values)])
    if (!isFound(problem.setting)) problems.push(problem);
  return read.success && problems.length === 0
    ? {
        kind: 'config',
        config: { ...read.data, STORE_URL: withCertificates(read.data) },
        shown: shown(schema, values),
      }
    : { kind: 'problems', problems };
}

/** The address of a proxy or of the store may contain a password. */
const unshown: ReadonlySet<string> = new Set([...secretNames, 'HTTPS_PROXY']);

const shown = ({ shape }: Pick<typeof commandSettings, 'shape'>, values: GatheredSettings['values']): ShownSettings =>
  Object.fromEntries(
    Object.keys(shape)
      .flatMap((name) =>
        values[name] === undefined ? [] : [[name, unshown.has(name) ? 'set' : values[name]] as const],
      )
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

/** For gather-settings.ts, and for the test of deploy/. */
export const settingNames = [
  'NODE_ENV',
  ...Object.keys(serveSettings.shape),
  ...movedNames.flatMap((name) => [`${name}_TO`, `${name}_TO_FILE`]),
];

function gather(environment: Environment, layers: Layers): GatheredSettings {
  // Most programs read these names in either case.
  const either = (name: string) => environment[name] || environment[name.toLowerCase()];
  const proxies = { HTTPS_PROXY: either('HTTPS_PROXY'), NO_PROXY: either('NO_PROXY') };
  const gathered = gatherSettings({ ...environment, ...proxies }, layers, settingNames, sdkSettingNames);
  const { PUBLIC_URL, PORT = '' } = gathered.values;
  if (PUBLIC_URL === undefined) return gathered;
  // An invalid port is reported for PORT only, not for PUBLIC_URL too.
  const number = port.safeParse(PORT).success ? PORT : '0';
  return { ...gathered, values: { ...gathered.values, PUBLIC_URL: PUBLIC_URL.replace('$PORT', number) } };
}

function issuesOf(read: { error?: z.ZodError | undefined }): ConfigProblem[] {
  return (read.error?.issues ?? []).map((issue) => ({
    setting: String(issue.path[0]),
    message: issue.code === 'invalid_type' ? 'is required' : issue.message,
  }));
}

/** The store's address with the certificates that its connections use. */
function withCertificates(settings: CommandConfig): CommandConfig['STORE_URL'] {
  const { STORE_URL: url, STORE_TLS_CA: ca, STORE_TLS_CERT: cert, STORE_TLS_KEY: key } = settings;
  if (url.kind === 'embedded' || url.kind === 'unix') return url;
  const servername = settings.STORE_TLS_SERVERNAME;
  const certificates = {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername && { servername }),
  };
  const secured = url.tls && Object.keys(certificates).length > 0 ? { ...url, certificates } : url;
  if (secured.kind !== 'sentinel') return secured;
  const { STORE_SENTINEL_USERNAME: username, STORE_SENTINEL_PASSWORD: password } = settings;
  const sentinelLogin = { ...(username && { username }), ...(password && { password }) };
  return Object.keys(sentinelLogin).length > 0 ? { ...secured, sentinelLogin } : secured;
}

/** A setting without effect would leave a connection less safe than its operator believes. */
const storeProblems: Checks = (settings, values) => {
  const { STORE_URL: url } = settings;
  if (url === undefined) return keysProblem(settings, values);
  const isTls = url.kind !== 'embedded' && url.kind !== 'unix' && url.tls === true;
  const tlsNames = ['STORE_TLS_CA', 'STORE_TLS_CERT', 'STORE_TLS_KEY', 'STORE_TLS_SERVERNAME'] as const;
  const sentinelNames = ['STORE_SENTINEL_USERNAME', 'STORE_SENTINEL_PASSWORD'] as const;
  return [
    ...keysProblem(settings, values),
    ...pairProblems(settings, storePairs),
    ...keyProblem(settings),
    ...tlsNames.flatMap((name) => problem(values[name] && !isTls, name, 'is for a STORE_URL that begins with rediss')),
    ...sentinelNames.flatMap((name) =>
      problem(values[name] && url.kind !== 'sentinel', name, 'is for a STORE_URL of Sentinels'),
    ),
  ];
};

const keyProblem = ({ STORE_TLS_CERT: certificate, STORE_TLS_KEY: key }: Partial<ServeSettings>): ConfigProblem[] =>
  problem(
    certificate !== undefined && key !== undefined && !isKeyOf(key, certificate),
    'STORE_TLS_KEY',
    'is not the key of the certificate in STORE_TLS_CERT',
  );

const cleverProblems: Checks = (settings, values) => [
  ...storeProblems(settings, values),
  ...productionProblems(settings),
  ...pairProblems(settings),
];

const serveProblems = (settings: Partial<ServeSettings>): ConfigProblem[] => [
  ...cookieProblems(settings),
  // Port 0 makes the system choose a free port, a different one each time.
  ...problem(
    settings.PORT !== undefined && settings.PORT !== 0 && settings.PORT === settings.OPS_PORT,
    'OPS_PORT',
    'must be another port than PORT',
  ),
];

function readable(
  { shape }: Pick<typeof commandSettings, 'shape'>,
  values: GatheredSettings['values'],
): Partial<ServeSettings> {
  const entries = Object.entries(shape).flatMap(([name, schema]) => {
    const read = schema.safeParse(values[name]);
    return read.success && read.data !== undefined ? [[name, read.data]] : [];
  });
  return Object.fromEntries(entries);
}

const problem = (holds: unknown, name: string, message: string): ConfigProblem[] =>
  holds ? [{ setting: name, message }] : [];

const keysProblem: Checks = ({ STORE_URL, NODE_ENV }, values) => {
  if (values['STORE_KEYS'] !== undefined || STORE_URL === undefined) return [];
  if (NODE_ENV === 'production') return problem(true, 'STORE_KEYS', 'is required in production');
  return problem(STORE_URL.kind !== 'embedded', 'STORE_KEYS', 'is required with a Redis store');
};

function productionProblems(settings: Partial<ServeSettings>): ConfigProblem[] {
  if (settings.NODE_ENV !== 'production') return [];
  const addresses = ['PUBLIC_URL', 'CLEVER_ISSUER', 'CLEVER_API_URL', 'STAFF_ISSUER'] as const;
  return [
    ...addresses.flatMap((name) => problem(settings[name]?.protocol === 'http:', name, 'must be https in production')),
    ...problem(settings.LIMITS === 'off', 'LIMITS', 'cannot be off in production'),
    // Every visitor could then choose the address that is rate limited.
    ...problem(
      settings.TRUST_PROXY === true,
      'TRUST_PROXY',
      'cannot be true in production: give the number of proxies or their addresses',
    ),
  ];
}

const pairs = [
  ['CLEVER_SECURE_SYNC_CLIENT_ID', 'CLEVER_SECURE_SYNC_CLIENT_SECRET'],
  ['CLEVER_SECURE_SYNC_CLIENT_SECRET', 'CLEVER_SECURE_SYNC_CLIENT_ID'],
  ['STAFF_ISSUER', 'STAFF_CLIENT_ID'],
  ['STAFF_ISSUER', 'STAFF_CLIENT_SECRET'],
] as const;

const storePairs = [
  ['STORE_TLS_CERT', 'STORE_TLS_KEY'],
  ['STORE_TLS_KEY', 'STORE_TLS_CERT'],
  ['STORE_SENTINEL_USERNAME', 'STORE_SENTINEL_PASSWORD'],
] as const;

const pairProblems = (
  settings: Partial<ServeSettings>,
  of: readonly (readonly [keyof ServeSettings, keyof ServeSettings])[] = pairs,
): ConfigProblem[] =>
  of.flatMap(([given, needed]) =>
    problem(settings[given] !== undefined && settings[needed] === undefined, needed, `is required with ${given}`),
  );

/** Would a browser send the session cookie of PUBLIC_URL to PRODUCT_URL? RFC 6265 sections 5.1.3 and 5.4. */
function cookieProblems(settings: Partial<ServeSettings>): ConfigProblem[] {
  const { PUBLIC_URL: bridge, PRODUCT_URL: product, SESSION_COOKIE_DOMAIN: domain } = settings;
  const reaches = (url: URL) =>
    domain === undefined ? url.hostname === bridge?.hostname : domainMatches(url.hostname, domain);
  return [
    ...problem(
      domain && isPublicSuffix(domain),
      'SESSION_COOKIE_DOMAIN',
      'is a public suffix, for which browsers take no cookie',
    ),
    ...problem(
      domain && bridge && !domainMatches(bridge.hostname, domain),
      'SESSION_COOKIE_DOMAIN',
      'must be the domain of PUBLIC_URL or one above it',
    ),
    ...problem(
      bridge && product && !reaches(product),
      'PRODUCT_URL',
      'is on a host that would not receive the session cookie: it needs the host of PUBLIC_URL, or one below SESSION_COOKIE_DOMAIN',
    ),
    ...problem(
      bridge?.protocol === 'https:' && product?.protocol === 'http:',
      'PRODUCT_URL',
      'must be https, as PUBLIC_URL is: the session cookie is Secure',
    ),
    ...problem(bridge && bridge.pathname !== '/', 'PUBLIC_URL', 'must have no path'),
    ...problem(
      product?.protocol === 'http:' && !isLoopback(product),
      'PRODUCT_URL',
      'must be https (http for loopback hosts only)',
    ),
  ];
}

/** Loaded on demand: loading the list takes a third of a command's start time. */
function isPublicSuffix(domain: string): boolean {
  const { getPublicSuffix }: typeof import('tldts') = createRequire(import.meta.url)('tldts');
  return domain === getPublicSuffix(domain, { allowPrivateDomains: true });
}

const domainMatches = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);
