// The stores that fault runs are on: each kind real, on loopback, with what is needed to hurt it.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ReplicatedCluster,
  type ReplicatedRedis,
  startReplicatedCluster,
  startReplicatedSentinel,
} from '../../test/helpers/redis-failover.ts';
import { type RedisServer, startRedis } from '../../test/helpers/redis-server.ts';
import { askRedis } from '../../test/helpers/redis-topology.ts';
import { startTcpProxy, type TcpProxy } from '../../test/helpers/tcp-proxy.ts';

export type StoreKind = 'embedded' | 'redis' | 'sentinel' | 'cluster';

type Environment = Readonly<Record<string, string>>;

export interface FaultyStore {
  /** For the bridges. */
  readonly env: Environment;
  /** For the judge, past what is broken between. */
  readonly directEnv: Environment;
  /** A single Redis, and the proxy before it. */
  readonly single?: { readonly server: RedisServer; readonly proxy: TcpProxy };
  readonly sentinel?: ReplicatedRedis;
  readonly cluster?: ReplicatedCluster;
  /** What it holds: files of the embedded store, memory of a single Redis; 0 for others. */
  keptBytes(): Promise<number>;
  /** Of an embedded store or a single Redis. */
  readonly disk?: Disk;
  stop(): Promise<void>;
}

export interface Disk {
  readonly folder: string;
  fill(): void;
  free(): void;
  remove(): void;
}

/** Of which the embedded store leaves 64 free. */
const diskMegabytes = 128;

export async function startStore(kind: StoreKind): Promise<FaultyStore> {
  const keys = { STORE_KEYS: `faults:${randomBytes(32).toString('base64')}` };
  const at = (url: string) => ({ STORE_URL: url, ...keys });
  const keptBytes = async () => 0;
  switch (kind) {
    case 'embedded':
      return startEmbedded(at);
    case 'redis': {
      const disk = makeDisk();
      const server = await startRedis({ args: ['--appendonly', 'yes'], folder: disk.folder });
      const proxy = await startTcpProxy(server.port);
      const stop = async () => {
        await proxy.close();
        server.resume();
        await server.stop();
        disk.remove();
      };
      const env = at(`redis://127.0.0.1:${proxy.port}`);
      const keptBytes = async () =>
        Number(/^used_memory:(\d+)/m.exec(String(await askRedis(server.port, 'INFO')))?.[1]);
      return { env, directEnv: at(server.url), single: { server, proxy }, disk, keptBytes, stop };
    }
    case 'sentinel': {
      const sentinel = await startReplicatedSentinel();
      return { env: at(sentinel.url), directEnv: at(sentinel.url), sentinel, keptBytes, stop: sentinel.stop };
    }
    case 'cluster': {
      const cluster = await startReplicatedCluster();
      return { env: at(cluster.url), directEnv: at(cluster.url), cluster, keptBytes, stop: cluster.stop };
    }
  }
}

function startEmbedded(at: (url: string) => Environment): FaultyStore {
  const disk = makeDisk();
  const folder = join(disk.folder, 'store');
  const env = at(`embedded:${folder}`);
  const keptBytes = async () =>
    readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).blocks * 512, 0);
  return { env, directEnv: env, disk, keptBytes, stop: async () => disk.remove() };
}

/** A small file system of its own, which can be filled without harm; where none may be mounted, a folder that cannot. */
function makeDisk(): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'sso-faults-'));
  const isMounted = mount(folder);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      if (!isMounted) throw new Error('to fill a disk a small one has to be mounted, which needs root');
      const file = openSync(filler, 'a');
      try {
        for (;;) writeSync(file, Buffer.alloc(4_096));
      } catch (failure) {
        if (Object(failure).code !== 'ENOSPC') throw failure;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler),
    remove() {
      if (isMounted) execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
