// Who takes part in the sign-in bench: this bridge on either store, the floor, and what one would pick instead. Each is a
// process on a core of its own, with one Redis, and verifies as much as its own documentation says how to.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '../../sandbox/demo/find-root.ts';
import { startOtherBuild } from '../other-build.ts';
import { benchKeys, startPinnedBridge } from '../pinned-bridge.ts';
import { type PinnedProcess, startPinned, untilReady } from '../pinned-process.ts';
import { commitOf } from '../report-section.ts';
import type { Player } from './play.ts';
import { authorizePath, redeem, registerProduct } from './through-provider.ts';
import { packageVersions, programVersion } from './versions.ts';

export interface Fixture {
  readonly folder: string;
  readonly core: number;
  readonly issuer: string;
  readonly redisUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly district: string;
  readonly students: number;
}

export interface Contestant {
  readonly name: string;
  /** Where a sign-in starts, and what answers 200 to who is signed in and anything else to others. */
  readonly startPath: string;
  readonly mePath: string;
  /** What it needs and this machine has not; empty for one that can take part. */
  readonly lacks: readonly string[];
  /** What it is made of, each with its version. */
  readonly versions: readonly string[];
  /** What is left after the callback, where the person is signed in at another server than the one that Clever led back to. */
  readonly redeem?: (player: Player, cookies: ReadonlyMap<string, string>, location: string) => Promise<void>;
  /** Starts it on `port` and waits until it answers. */
  start(fixture: Fixture, port: number): Promise<PinnedProcess>;
}

const node = process.execPath;
const peersFolder = join(findRoot(), 'bench', 'peers');
/** Where Debian puts them. */
const apacheModules = '/usr/lib/apache2/modules';
const apacheProgram = '/usr/sbin/apache2';

const logOf = ({ folder }: Fixture, name: string) => join(folder, `${name.replaceAll(/\W+/g, '-')}.log`);

const isUp = (url: string) => async () => {
  const { status } = await fetch(url, { redirect: 'manual' });
  return status < 500;
};

function settingsOf(fixture: Fixture, port: number) {
  const { issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redisUrl: REDIS_URL } = fixture;
  const own = { PORT: `${port}`, BASE_URL: `http://localhost:${port}`, NODE_ENV: 'production' };
  return { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIS_URL, ...own };
}

const absent = (files: readonly string[]): string[] => files.filter((file) => !existsSync(file));

/** @param packages of bench/peers that it imports @param own of the bridge's packages */
const peer = (name: string, file: string, packages: readonly string[], own: readonly string[]): Contestant => ({
  name,
  versions: packageVersions([...own, ...packages]),
  startPath: '/login',
  mePath: '/me',
  lacks: packages.filter((one) => !existsSync(join(peersFolder, 'node_modules', one))),
  async start(fixture, port) {
    const log = logOf(fixture, name);
    const options = { core: fixture.core, env: settingsOf(fixture, port), log };
    const running = startPinned([node, join(peersFolder, file)], options);
    await untilReady(isUp(`http://localhost:${port}/me`), log);
    return running;
  },
});

const storeUrlOf = (engine: 'embedded' | 'redis', { folder, redisUrl }: Fixture) =>
  engine === 'embedded' ? `embedded:${join(folder, 'store')}` : redisUrl;

/** @param checkout of another build, which takes part under its commit */
export const bridge = (engine: 'embedded' | 'redis', checkout?: string): Contestant => ({
  name: `${checkout === undefined ? 'this bridge' : commitOf(checkout).join('')}, ${engine}`,
  startPath: '/login',
  mePath: '/session',
  lacks: [],
  versions: packageVersions(engine === 'embedded' ? ['express', 'lmdb'] : ['express', 'ioredis']),
  start(fixture, port) {
    const { district: id, students } = fixture;
    const storeUrl = storeUrlOf(engine, fixture);
    const log = logOf(fixture, `bridge-${engine}`);
    const options = { ...fixture, port, storeUrl, log, districts: [{ id, students }] };
    return checkout === undefined ? startPinnedBridge(options) : startOtherBuild(checkout, options);
  },
});

/** The same bridge with a product on another site: the whole way through its OpenID provider, up to who it is. */
function bridgeAsProvider(engine: 'embedded' | 'redis'): Contestant {
  const own = bridge(engine);
  let authorization = '';
  return {
    ...own,
    name: `${own.name}, by OpenID Connect`,
    versions: packageVersions(['oidc-provider']),
    startPath: authorizePath,
    redeem: (player, cookies, location) => redeem(player, cookies, location, authorization),
    async start(fixture, port) {
      const folder = join(fixture.folder, 'provider');
      mkdirSync(folder, { recursive: true });
      const running = await own.start({ ...fixture, folder }, port);
      authorization = await registerProduct({
        STORE_URL: storeUrlOf(engine, { ...fixture, folder }),
        STORE_KEYS: benchKeys,
      });
      return running;
    },
  };
}

const apache: Contestant = {
  name: 'Apache mod_auth_openidc',
  startPath: '/start',
  mePath: '/me',
  lacks: absent([apacheProgram, join(apacheModules, 'mod_auth_openidc.so')]),
  versions: [
    ...programVersion('Apache', [apacheProgram, '-v'], /Apache\/([\d.]+)/),
    ...programVersion('mod_auth_openidc', ['dpkg-query', '-s', 'libapache2-mod-auth-openidc'], /^Version: ([\d.]+)/m),
  ],
  async start(fixture, port) {
    const folder = join(fixture.folder, 'apache');
    mkdirSync(join(folder, 'pages'), { recursive: true });
    for (const page of ['start', 'me']) writeFileSync(join(folder, 'pages', page), 'in\n');
    const filled: Record<string, string> = {
      FOLDER: folder,
      MODULES: apacheModules,
      REDIS: new URL(fixture.redisUrl).host,
      ...settingsOf(fixture, port),
    };
    const template = readFileSync(join(peersFolder, 'mod-auth-openidc.conf'), 'utf8');
    const conf = join(folder, 'apache.conf');
    writeFileSync(
      conf,
      template.replaceAll(/@(\w+)@/g, (_, key: string) => filled[key] ?? ''),
    );
    const log = logOf(fixture, 'apache');
    const running = startPinned([apacheProgram, '-f', conf, '-DFOREGROUND'], { core: fixture.core, env: {}, log });
    await untilReady(isUp(`http://localhost:${port}/me`), log);
    return running;
  },
};

const sessionPackages = ['connect-redis', 'express-session', 'redis'];

export const contestants: readonly Contestant[] = [
  peer('bare floor: node:http, undici, jose', 'floor.js', [], ['undici', 'jose', 'ioredis']),
  bridge('embedded'),
  bridge('redis'),
  bridgeAsProvider('embedded'),
  bridgeAsProvider('redis'),
  peer(
    'express + passport-openidconnect',
    'passport.js',
    ['passport', 'passport-openidconnect', ...sessionPackages],
    ['express'],
  ),
  apache,
  peer('express + openid-client, as its guide', 'openid-client-guide.js', sessionPackages, [
    'express',
    'openid-client',
  ]),
  peer(
    'express-openid-connect',
    'express-openid-connect.js',
    ['express-openid-connect', 'connect-redis', 'redis'],
    ['express'],
  ),
];
