// A server on a drop as a process of its own, that kills itself behind a step. Compiled by the test that starts it.

import { createPublishSet } from '../../src/roster/drop/publish-set.ts';
import { createDropWatcher } from '../../src/roster/drop/watch-drop.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readStoreUrl } from '../../src/store/store-url.ts';
import { furnish } from './office.ts';

const [, , url = '', drop = '', last = ''] = process.argv;
const parsed = readStoreUrl(url);
if (parsed.kind === 'invalid') throw new TypeError(parsed.reason);
const office = await furnish(await openStore(parsed));
const silent = { info: () => undefined, warn: () => undefined };

createDropWatcher({
  ...office,
  drop,
  publishSet: createPublishSet(office),
  log: {
    ...silent,
    failure: (failure) => {
      throw failure;
    },
  },
  times: { pollMs: 10, settleMs: 60, takenMs: 5, leaseMs: 500 },
  onStep: (step) => {
    if (step === last) process.kill(process.pid, 'SIGKILL');
  },
}).start();
