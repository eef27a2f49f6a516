// Parses STORE_URL. Pure; opens nothing. A reason never repeats the text, which may contain a password.

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly username?: string;
  readonly password?: string;
}

/** How servers authenticate, and the bridge to them, with rediss:. PEM. */
interface StoreCertificates {
  /** Replaces the system's authorities. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name in the servers' certificates, if it is not the host. */
  readonly servername?: string;
}

interface Tls {
  readonly tls?: boolean;
  readonly certificates?: StoreCertificates;
}

export type RedisAddress =
  | ({ readonly kind: 'redis'; readonly db: number } & HostPort & Login & Tls)
  | ({ readonly kind: 'unix'; readonly path: string; readonly db: number } & Login)
  | ({
      readonly kind: 'sentinel';
      readonly sentinels: readonly HostPort[];
      readonly name: string;
      readonly db: number;
      /** Of the Sentinels, which have their own users. */
      readonly sentinelLogin?: Login;
    } & Login &
      Tls)
  | ({ readonly kind: 'cluster'; readonly nodes: readonly HostPort[] } & Login & Tls);

export type StoreUrl =
  | { readonly kind: 'embedded'; readonly path: string }
  | RedisAddress
  | { readonly kind: 'invalid'; readonly reason: string };

const urlParts = /^(?<scheme>[a-z+]+):\/\/(?:(?<login>[^@/]*)@)?(?<hosts>[^@/]*)(?:\/(?<path>.*))?$/s;
const hostParts = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>\d{1,5}))?$/;
const databaseNumber = /^\d{1,5}$/;

const invalid = (reason: string) => ({ kind: 'invalid', reason }) as const;
const unencoded = invalid('has a user or password that is not percent-encoded, such as %40 for @ and %2F for /');

/**
 * Reads `embedded:PATH`, `redis://[user:password@]host[:port][/db]`, `redis+unix://[user:password@]/path`,
 * `redis+sentinel://[user:password@]h:p,h:p/name[/db]` and `redis+cluster://[user:password@]h:p,h:p`; with `rediss` in place
 * of `redis` over TLS. User and password are percent-encoded and are those of the data servers.
 */
export function readStoreUrl(text: string): StoreUrl {
  if (text.startsWith('embedded:')) {
    const path = text.slice('embedded:'.length);
    return path === '' ? invalid('needs a path after embedded:') : { kind: 'embedded', path };
  }
  const { scheme, login, hosts, path = '' } = urlParts.exec(text)?.groups ?? {};
  // An @ that separates nothing belongs to a password, or follows one with a slash. The path of a socket may contain
  // it.
  const isStray = hosts === undefined || (hosts !== '' && login === undefined);
  if (isStray && text.includes('@')) return unencoded;
  if (scheme === undefined || hosts === undefined) return invalid('is not an address of a store');
  const account = readLogin(login);
  if (account === undefined) return unencoded;
  if (scheme === 'redis+unix') return readUnix(account, hosts, path);
  return readRedis(scheme.replace(/^rediss/, 'redis'), account, hosts, path, scheme.startsWith('rediss'));
}

function readUnix(login: Login, hosts: string, path: string): StoreUrl {
  if (hosts !== '' || path === '') return invalid('needs the path of a socket, such as redis+unix:///run/redis.sock');
  return { kind: 'unix', path: `/${path}`, db: 0, ...login };
}

function readRedis(scheme: string, login: Login, hosts: string, path: string, isTls: boolean): StoreUrl {
  const sentinelPort = 26379;
  const nodes = hosts.split(',').map((host) => readHost(host, scheme === 'redis+sentinel' ? sentinelPort : 6379));
  const known = nodes.filter((node) => node !== undefined);
  const [first] = known;
  if (first === undefined || known.length < nodes.length) return invalid('has a host or port that is missing or wrong');
  const tls = isTls ? { tls: true } : {};
  switch (scheme) {
    case 'redis': {
      if (known.length > 1) return invalid('has several hosts: redis: and rediss: take one');
      const db = readDb(path);
      return db === undefined
        ? invalid('has a database that is not a number')
        : { kind: 'redis', tls: isTls, ...first, db, ...login };
    }
    case 'redis+sentinel': {
      const [name = '', ...rest] = path.split('/');
      const db = readDb(rest.join('/'));
      if (name === '') return invalid('needs the name of the master after the Sentinels');
      return db === undefined
        ? invalid('has a database that is not a number')
        : { kind: 'sentinel', sentinels: known, name, db, ...login, ...tls };
    }
    case 'redis+cluster':
      return path === ''
        ? { kind: 'cluster', nodes: known, ...login, ...tls }
        : invalid('has a database, of which a Cluster has none');
    default:
      return invalid(
        'is of an unknown kind: embedded:, redis:, rediss:, redis+unix:, redis+sentinel:, rediss+sentinel:, redis+cluster: or rediss+cluster:',
      );
  }
}

function readHost(text: string, defaultPort: number): HostPort | undefined {
  const { v6, name, port } = hostParts.exec(text)?.groups ?? {};
  const host = v6 ?? name;
  const number = port === undefined ? defaultPort : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number };
}

function readDb(path: string): number | undefined {
  if (path === '') return 0;
  return databaseNumber.test(path) ? Number(path) : undefined;
}

function readLogin(text: string | undefined): Login | undefined {
  if (text === undefined || text === '') return {};
  const colon = text.indexOf(':');
  try {
    const username = decodeURIComponent(colon < 0 ? text : text.slice(0, colon));
    const password = colon < 0 ? '' : decodeURIComponent(text.slice(colon + 1));
    return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
  } catch {
    return undefined;
  }
}
