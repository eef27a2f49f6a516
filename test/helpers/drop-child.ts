// A server on a drop as a process of its own, that kills itself behind a step. Compiled by the test that starts it.

import { createPublishSet } from '../../src/sftp-drop/publish-set.ts';
import { createDropWatcher } from '../../src/sftp-drop/watch-drop.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readStoreUrl } from '../../src/store/store-url.ts';
import { patient } from './redis-server.ts';
import { createServices } from './services.ts';

const [, , url = '', drop = '', last = ''] = process.argv;
const parsed = readStoreUrl(url);
if (parsed.kind === 'invalid') throw new TypeError(parsed.reason);
const services = await createServices(await openStore(parsed, patient));
const silent = { info: () => undefined, warn: () => undefined };

createDropWatcher({
  ...services,
  drop,
  publishSet: createPublishSet(services),
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
