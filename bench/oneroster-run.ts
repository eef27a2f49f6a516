// One set of files published in this process: `node oneroster-run.js STORE_URL FOLDER`. Prints a FormatRun as JSON.
import { openServices } from '../src/compose/commands.ts';
import { readStoreUrl } from '../src/store/store-url.ts';
import { readFolder } from '../test/helpers/read-folder.ts';
import { type MostMemory, watchMemory } from './memory.ts';
import { measureWork, type Work } from './work.ts';

export interface FormatRun {
  readonly format: string;
  readonly accounts: number;
  readonly work: Work;
  readonly memory: MostMemory;
}

const [urlText = '', files = ''] = process.argv.slice(2);
const url = readStoreUrl(urlText);
if (url.kind === 'invalid') throw new Error(url.reason);
const services = await openServices({
  STORE_URL: url,
  STORE_KEYS: [{ id: 'bench', key: Buffer.alloc(32, 7) }],
  SESSION_TTL: 3600,
  ATTEMPT_RETENTION: 3600,
});
const peak = watchMemory();
let [format, accounts] = ['', 0];
const work = await measureWork(async () => {
  // Dates of roles count from here, whenever it is run.
  const clock = () => Date.parse('2026-10-01');
  const { kind, report } = await services.rosters.publisher.publish('bench', 'sftp', readFolder(files, { clock }));
  if (kind !== 'published') throw new Error(`not published: ${kind}`);
  format = report.format ?? '';
  accounts = Object.values(report.accounts).reduce((total, count) => total + count, 0);
});
const run: FormatRun = { format, accounts, work, memory: peak() };
await services.storage.store.close();
process.stdout.write(JSON.stringify(run));
