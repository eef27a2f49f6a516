// Environment and layered defaults -> Config, or every problem found: contract section 6. Pure; main.ts reads the
// environment and config/. Problems name settings and never repeat values, which may be secrets.
import { getPublicSuffix } from 'tldts';
import { z } from 'zod';
import {
  address,
  duration,
  hostName,
  ipAddress,
  isLoopback,
  oneOf,
  origins,
  port,
  setting,
  staffList,
  storeKeys,
  text,
  timeOfDay,
  trustProxy,
} from './setting.ts';
import { readStoreUrl } from './store/store-url.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One file of config/: texts as the environment would give them; null takes away what a lower layer gave. */
export type Layer = Readonly<Record<string, string | null>>;

export interface ConfigProblem {
  /** The setting's name. */
  readonly setting: string;
  /** What is wrong, in words to follow the name. */
  readonly message: string;
}

const storeUrl = z.string().transform((value, context) => {
  const parsed = readStoreUrl(value);
  if (parsed.kind !== 'invalid') return parsed;
  context.addIssue({ code: 'custom', message: parsed.reason });
  return z.NEVER;
});

/** What every command needs. */
const commandSettings = z.object({
  // A misspelled "production" would quietly be a trial.
  NODE_ENV: oneOf('production', 'development', 'test').optional(),
  STORE_URL: storeUrl,
  STORE_KEYS: storeKeys.optional(),
  SESSION_TTL: duration,
  ATTEMPT_RETENTION: duration,
});

/** What `sync` needs on top: Clever and the app's credentials. */
const syncSettings = commandSettings.extend({
  CLEVER_ISSUER: address,
  CLEVER_API_URL: address,
  CLEVER_CLIENT_ID: text,
  CLEVER_CLIENT_SECRET: text,
  CLEVER_SECURE_SYNC_CLIENT_ID: text.optional(),
  CLEVER_SECURE_SYNC_CLIENT_SECRET: text.optional(),
});

/** What `serve` needs on top. */
const serveSettings = syncSettings.extend({
  PORT: port,
  OPS_PORT: port,
  OPS_HOST: ipAddress.optional(),
  PUBLIC_URL: address,
  CLEVER_STATELESS: oneOf('restart', 'reject'),
  CLEVER_PKCE: oneOf('on', 'off'),
  PRODUCT_URL: setting('a web address', (value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined;
  }),
  RETURN_TO: origins.optional(),
  SESSION_AUDIENCE: text.optional(),
  SESSION_COOKIE_DOMAIN: hostName.optional(),
  SFTP_DROP: text.optional(),
  SYNC_AT: timeOfDay,
  STAFF_ISSUER: address.optional(),
  STAFF_CLIENT_ID: text.optional(),
  STAFF_CLIENT_SECRET: text.optional(),
  STAFF_SUPPORT: staffList.optional(),
  STAFF_ADMIN: staffList.optional(),
  LIMITS: oneOf('on', 'off'),
  TRUST_PROXY: trustProxy.optional(),
});

/** What `keys vectors` needs on top: whose tokens, and for whom. */
const vectorSettings = commandSettings.extend({
  PUBLIC_URL: serveSettings.shape.PUBLIC_URL,
  PRODUCT_URL: serveSettings.shape.PRODUCT_URL.optional(),
  SESSION_AUDIENCE: serveSettings.shape.SESSION_AUDIENCE,
});

export type CommandConfig = z.infer<typeof commandSettings>;
export type VectorConfig = z.infer<typeof vectorSettings>;
export type SyncConfig = z.infer<typeof syncSettings>;
type ServeSettings = z.infer<typeof serveSettings>;

/** All times in seconds. */
export interface Config extends ServeSettings {
  readonly RETURN_TO: string[];
  readonly SESSION_AUDIENCE: string;
}

export type Read<Value> =
  | { readonly kind: 'config'; readonly config: Value }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

/**
 * @param layers lowest first; an empty text in the environment counts as not set
 * @param isFolder looks at the disk, for settings that name a folder
 */
export function readConfig(
  environment: Environment,
  layers: readonly Layer[],
  isFolder: (path: string) => boolean = () => true,
): Read<Config> {
  const merged = merge(environment, layers);
  const read = serveSettings.safeParse(merged);
  const problems = [...issuesOf(read), ...crossChecks(merged, isFolder)];
  if (!read.success || problems.length > 0) return { kind: 'problems', problems };
  const origin = read.data.PRODUCT_URL.origin;
  const { RETURN_TO = [origin], SESSION_AUDIENCE = origin } = read.data;
  return { kind: 'config', config: { ...read.data, RETURN_TO, SESSION_AUDIENCE } };
}

/** For commands that work on the store alone; settings that only `serve` needs are not looked at. */
export const readCommandConfig = (environment: Environment, layers: readonly Layer[]): Read<CommandConfig> =>
  readStoreSettings(commandSettings, merge(environment, layers));

/** For the command that makes tokens to try verifiers with. */
export const readVectorConfig = (environment: Environment, layers: readonly Layer[]): Read<VectorConfig> =>
  readStoreSettings(vectorSettings, merge(environment, layers));

function readStoreSettings<Value extends CommandConfig>(schema: z.ZodType<Value>, merged: object): Read<Value> {
  const read = schema.safeParse(merged);
  const problems = [...issuesOf(read), ...(read.success ? keysProblem(read.data) : [])];
  return read.success && problems.length === 0 ? { kind: 'config', config: read.data } : { kind: 'problems', problems };
}

/** For commands that read Clever's Data API as well. */
export function readSyncConfig(environment: Environment, layers: readonly Layer[]): Read<SyncConfig> {
  const merged = merge(environment, layers);
  const read = syncSettings.safeParse(merged);
  const settings = readable(syncSettings, merged);
  const problems = [
    ...issuesOf(read),
    ...keysProblem(settings),
    ...productionProblems(settings),
    ...pairProblems(settings),
  ];
  return read.success && problems.length === 0 ? { kind: 'config', config: read.data } : { kind: 'problems', problems };
}

function merge(environment: Environment, layers: readonly Layer[]): Record<string, string> {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const merged: Record<string, string | null | undefined> = Object.assign({}, ...layers, Object.fromEntries(set));
  const values = Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const { PUBLIC_URL, PORT = '' } = values;
  // A port that is none is PORT's problem, not PUBLIC_URL's as well.
  const number = port.safeParse(PORT).success ? PORT : '0';
  return PUBLIC_URL === undefined ? values : { ...values, PUBLIC_URL: PUBLIC_URL.replace('$PORT', number) };
}

function issuesOf(read: { error?: z.ZodError | undefined }): ConfigProblem[] {
  return (read.error?.issues ?? []).map((issue) => ({
    setting: String(issue.path[0]),
    message: issue.code === 'invalid_type' ? 'is required' : issue.message,
  }));
}

/** Looks at what could be read, one setting at a time, so that these problems are told together with the others. */
function crossChecks(merged: Record<string, string>, isFolder: (path: string) => boolean): ConfigProblem[] {
  const settings = readable(serveSettings, merged);
  return [
    ...keysProblem(settings),
    ...productionProblems(settings),
    ...pairProblems(settings),
    ...cookieProblems(settings),
    // Port 0 asks the system for a free one, each time another.
    ...problem(
      settings.PORT !== undefined && settings.PORT !== 0 && settings.PORT === settings.OPS_PORT,
      'OPS_PORT',
      'must be another port than PORT',
    ),
    ...problem(
      settings.SFTP_DROP !== undefined && !isFolder(settings.SFTP_DROP),
      'SFTP_DROP',
      'must be a folder that is there',
    ),
  ];
}

function readable({ shape }: typeof syncSettings, merged: Record<string, string>): Partial<ServeSettings> {
  const entries = Object.entries(shape).flatMap(([name, schema]) => {
    const read = schema.safeParse(merged[name]);
    return read.success && read.data !== undefined ? [[name, read.data]] : [];
  });
  return Object.fromEntries(entries);
}

const problem = (holds: unknown, name: string, message: string): ConfigProblem[] =>
  holds ? [{ setting: name, message }] : [];

function keysProblem({ STORE_KEYS, STORE_URL, NODE_ENV }: Partial<CommandConfig>): ConfigProblem[] {
  if (STORE_KEYS !== undefined || STORE_URL === undefined) return [];
  if (NODE_ENV === 'production') return problem(true, 'STORE_KEYS', 'is required in production');
  return problem(STORE_URL.kind !== 'embedded', 'STORE_KEYS', 'is required with a Redis store');
}

function productionProblems(settings: Partial<ServeSettings>): ConfigProblem[] {
  if (settings.NODE_ENV !== 'production') return [];
  const addresses = ['PUBLIC_URL', 'CLEVER_ISSUER', 'CLEVER_API_URL', 'STAFF_ISSUER'] as const;
  return [
    ...addresses.flatMap((name) => problem(settings[name]?.protocol === 'http:', name, 'must be https in production')),
    ...problem(settings.LIMITS === 'off', 'LIMITS', 'cannot be off in production'),
  ];
}

const pairs = [
  ['CLEVER_SECURE_SYNC_CLIENT_ID', 'CLEVER_SECURE_SYNC_CLIENT_SECRET'],
  ['CLEVER_SECURE_SYNC_CLIENT_SECRET', 'CLEVER_SECURE_SYNC_CLIENT_ID'],
  ['STAFF_ISSUER', 'STAFF_CLIENT_ID'],
  ['STAFF_ISSUER', 'STAFF_CLIENT_SECRET'],
] as const;

const pairProblems = (settings: Partial<ServeSettings>): ConfigProblem[] =>
  pairs.flatMap(([given, needed]) =>
    problem(settings[given] !== undefined && settings[needed] === undefined, needed, `is required with ${given}`),
  );

/** Would a browser that got the session cookie from PUBLIC_URL send it to PRODUCT_URL? RFC 6265 sections 5.1.3 and 5.4. */
function cookieProblems(settings: Partial<ServeSettings>): ConfigProblem[] {
  const { PUBLIC_URL: bridge, PRODUCT_URL: product, SESSION_COOKIE_DOMAIN: domain } = settings;
  const isPublicSuffix = domain !== undefined && domain === getPublicSuffix(domain, { allowPrivateDomains: true });
  const reaches = (url: URL) =>
    domain === undefined ? url.hostname === bridge?.hostname : domainMatches(url.hostname, domain);
  return [
    ...problem(isPublicSuffix, 'SESSION_COOKIE_DOMAIN', 'is a public suffix, for which browsers take no cookie'),
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

const domainMatches = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);
