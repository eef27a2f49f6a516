// Both engines for tests of everything that uses the store: `describe.each(engines)`. Owns starting and clean-up;
// what an engine must do is test/conformance.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/open-store.ts';
import type { EngineStore } from '../../src/store/store-items.ts';
import { readStoreUrl, type StoreUrl } from '../../src/store/store-url.ts';
import { patient, startRedis } from './redis-server.ts';

type Clock = () => number;

/** One empty store that several handles, or processes, can open. */
export interface Place {
  /** For STORE_URL. */
  readonly url: string;
  /** A handle; closed with the fixture. */
  open(clock?: Clock): Promise<EngineStore>;
}

/** What holds the stores of one test file. */
export interface StoreFixture {
  place(): Place;
  stop(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  start(): Promise<StoreFixture>;
}

export const embedded: Engine = {
  name: 'the embedded store',
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'sso-test-'));
    const handles = createHandles((count) => `embedded:${join(folder, `store-${count}`)}`);
    return {
      place: handles.place,
      async stop() {
        await handles.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

export const redis: Engine = {
  name: 'a Redis server',
  async start() {
    const server = await startRedis({ args: ['--databases', '4096'] });
    const handles = createHandles((count) => `${server.url}/${count}`);
    return {
      place: handles.place,
      async stop() {
        await handles.close();
        await server.stop();
      },
    };
  },
};

export const engines: readonly Engine[] = [embedded, redis];

function createHandles(urlOf: (count: number) => string) {
  const open: EngineStore[] = [];
  let places = 0;
  return {
    place(): Place {
      const url = urlOf(places);
      places += 1;
      return {
        url,
        async open(clock) {
          const store = await openStore(readUrl(url), clock === undefined ? patient : { ...patient, clock });
          open.push(store);
          return store;
        },
      };
    },
    close: () => Promise.all(open.map((store) => store.close())),
  };
}

function readUrl(text: string): Exclude<StoreUrl, { kind: 'invalid' }> {
  const url = readStoreUrl(text);
  if (url.kind === 'invalid') throw new TypeError(url.reason);
  return url;
}
