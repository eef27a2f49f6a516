// Installs the tools of the benchmarks and the programs they compare with: node scripts/provide-bench-tools.js redis wrk apache
// peers. A benchmark does not run without its tools. It runs without a contestant, and its section names the missing one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { providePrograms } from './provide-programs.js';

const taskset = { program: 'taskset', debianPackage: 'util-linux' };
const instruments = {
  redis: [taskset, { program: 'redis-server', debianPackage: 'redis-server' }],
  wrk: [taskset, { program: 'wrk', debianPackage: 'wrk' }],
};
const contestants = {
  apache: () =>
    providePrograms([
      { program: 'apache2', debianPackage: 'apache2-bin' },
      { file: '/usr/lib/apache2/modules/mod_auth_openidc.so', debianPackage: 'libapache2-mod-auth-openidc' },
    ]),
  peers: installPeers,
};

const names = process.argv.slice(2);
try {
  providePrograms(names.flatMap((name) => instruments[name] ?? []));
} catch (failure) {
  process.stderr.write(`${failure.message}\nThe benchmark cannot be run without.\n`);
  process.exit(1);
}
for (const name of names) {
  try {
    contestants[name]?.();
  } catch (failure) {
    process.stderr.write(`${failure.message}\nThe benchmark goes on, and says who is missing.\n`);
  }
}

/** The libraries that one would pick instead; never part of the bridge's own packages. */
function installPeers() {
  const folder = fileURLToPath(new URL('../bench/peers', import.meta.url));
  // npm writes this file last: a folder without it was left half full.
  if (existsSync(`${folder}/node_modules/.package-lock.json`)) return;
  const { status } = spawnSync('npm', ['ci', '--silent', '--prefix', folder], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The peers of bench/peers could not be installed: npm ci failed there.');
}
