// What the benchmarks measure with and against, by name: node scripts/provide-bench-tools.js redis wrk apache peers.
// Says what could not be had and succeeds: the benchmark leaves that contestant out, and says so too.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { providePrograms } from './provide-programs.js';

const programs = {
  redis: [{ program: 'redis-server', debianPackage: 'redis-server' }],
  wrk: [{ program: 'wrk', debianPackage: 'wrk' }],
  apache: [
    { program: 'apache2', debianPackage: 'apache2-bin' },
    { file: '/usr/lib/apache2/modules/mod_auth_openidc.so', debianPackage: 'libapache2-mod-auth-openidc' },
  ],
};

for (const name of process.argv.slice(2)) {
  try {
    if (name === 'peers') installPeers();
    else providePrograms(programs[name] ?? []);
  } catch (failure) {
    process.stderr.write(`${failure.message}\nThe benchmark goes on without, as far as it can.\n`);
  }
}

/** The libraries that one would pick instead; never part of the bridge's own packages. */
function installPeers() {
  const folder = fileURLToPath(new URL('../bench/peers', import.meta.url));
  if (existsSync(`${folder}/node_modules`)) return;
  const { status } = spawnSync('npm', ['ci', '--silent', '--prefix', folder], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The peers of bench/peers could not be installed.');
}
