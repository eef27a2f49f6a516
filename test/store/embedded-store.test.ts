// The embedded engine: the conformance suite, and what only a folder shared by processes can get wrong.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/store/embedded-store.ts';
import { describeStore } from '../conformance/describe-store.ts';

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sso-store-'));
}

describeStore('embedded store', async () => {
  const path = makeFolder();
  let now = Date.now();
  const clock = () => now;
  const store = await openEmbeddedStore(path, { clock });
  return {
    store,
    advance: async (seconds) => {
      now += seconds * 1000;
    },
    reopen: () => openEmbeddedStore(path, { clock }),
    close: async () => {
      await store.close();
      rmSync(path, { recursive: true });
    },
  };
});
