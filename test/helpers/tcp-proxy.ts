// A TCP proxy on loopback that breaks on purpose, between a bridge and its store, or Clever. Knows bytes only.
import { randomBytes } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from './redis-server.ts';

export type ProxyMode =
  | { readonly kind: 'pass' }
  /** Every chunk waits so long, in both directions. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Nothing listens; what is connected is closed. */
  | { readonly kind: 'refuse' }
  /** Takes connections and bytes and is silent; afterwards everything that was held arrives, as from a stopped process. */
  | { readonly kind: 'hang' }
  /** As `hang`, but connections of that time never speak again, as when a machine vanished. */
  | { readonly kind: 'vanish' }
  /** Connections are reset, the new ones with the first answer. */
  | { readonly kind: 'reset' }
  /** Answers are random bytes. */
  | { readonly kind: 'garbage' }
  /** Answers trickle. */
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number };

export interface TcpProxy {
  readonly port: number;
  /** Connections just now. */
  connections(): number;
  set(mode: ProxyMode): Promise<void>;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  isLost: boolean;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const port = await findFreePort();
  const pairs = new Set<Pair>();
  let mode: ProxyMode = { kind: 'pass' };
  let heal: (() => void)[] = [];
  const server = createServer(join);

  /** Resolves at once, unless the proxy is silent: then when that is over, or never for a connection that is lost. */
  const whenHeard = (pair: Pair) =>
    new Promise<void>((resolve) => {
      if (pair.isLost) return;
      if (mode.kind !== 'hang' && mode.kind !== 'vanish') return resolve();
      heal.push(() => void whenHeard(pair).then(resolve));
    });

  function join(near: Socket): void {
    const far = connect({ port: targetPort, host: '127.0.0.1' });
    const pair: Pair = { near, far, isLost: mode.kind === 'vanish' };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    const carry = (isAnswer: boolean) => {
      let last = Promise.resolve();
      return new Transform({
        // In order, but not one after the other: what is late does not hold up what follows by as much again.
        transform(chunk: Buffer, _encoding, done) {
          const came = performance.now();
          last = last.then(async () => {
            const carried = await deliver(pair, chunk, isAnswer, came);
            if (carried !== undefined && !this.destroyed) this.push(carried);
          });
          done();
        },
        flush: (done) => void last.then(() => done()),
      });
    };
    near.pipe(carry(false)).pipe(far);
    far.pipe(carry(true)).pipe(near);
  }

  async function deliver(pair: Pair, chunk: Buffer, isAnswer: boolean, came: number): Promise<Buffer | undefined> {
    await whenHeard(pair);
    const now = mode;
    if (now.kind === 'slow') await sleep(Math.max(0, came + now.ms - performance.now()));
    if (now.kind === 'throttle' && isAnswer) await sleep((chunk.length / now.bytesPerSecond) * 1000);
    if (now.kind === 'garbage' && isAnswer) return randomBytes(chunk.length);
    if (now.kind !== 'reset') return chunk;
    pair.near.resetAndDestroy();
    return undefined;
  }

  const dropAll = () => {
    for (const { near } of pairs) near.resetAndDestroy();
  };

  await listen(server, port);
  return {
    port,
    connections: () => pairs.size,
    async set(next) {
      if (mode.kind === 'vanish' && next.kind !== 'vanish') for (const pair of pairs) pair.isLost = true;
      if (mode.kind === 'refuse' && next.kind !== 'refuse') await listen(server, port);
      if (mode.kind !== 'refuse' && next.kind === 'refuse') server.close();
      if (next.kind === 'refuse' || next.kind === 'reset') dropAll();
      mode = next;
      for (const resume of heal.splice(0)) resume();
    },
    close: () =>
      new Promise((resolve) => {
        mode = { kind: 'refuse' };
        heal = [];
        dropAll();
        if (server.listening) server.close(() => resolve());
        else resolve();
      }),
  };
}

const listen = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
  });
