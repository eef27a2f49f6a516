// The programs that the tests run for real: Redis, a browser, an SSH server, Python with its JWT library. On Debian, as
// root, installs what is missing; elsewhere says what is missing and how to get it. Downloads nothing if all is there.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const needed = [
  { program: 'redis-server', debianPackage: 'redis-server' },
  { program: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', debianPackage: 'chromium' },
  { program: 'sshd', debianPackage: 'openssh-server' },
  { program: 'sftp', debianPackage: 'openssh-client' },
  { program: '/usr/bin/python3', debianPackage: 'python3' },
  { file: '/usr/lib/python3/dist-packages/jwt/__init__.py', debianPackage: 'python3-jwt' },
  { file: '/usr/lib/python3/dist-packages/cryptography/__init__.py', debianPackage: 'python3-cryptography' },
];

const missing = needed.filter((one) => !isThere(one));
if (missing.length > 0) provide(missing.map(({ debianPackage }) => debianPackage));

/** sshd is often outside the PATH of people. */
function isThere({ program, file }) {
  if (file !== undefined) return existsSync(file);
  if (program.includes('/')) return isExecutable(program);
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function provide(packages) {
  const names = packages.join(' ');
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0)
    fail(
      `The tests need: ${names}\nOn Debian or Ubuntu: sudo apt-get install ${names}\nA Chromium elsewhere than /usr/bin: set CHROMIUM_PATH.`,
    );
  process.stdout.write(`Installing for the tests: ${names}\n`);
  run(['-qq', 'update']);
  run(['-qq', '-y', '--no-install-recommends', 'install', ...packages]);
  const still = needed.filter((one) => !isThere(one)).map(({ program, file }) => program ?? file);
  if (still.length > 0) fail(`apt-get reported success, but this is missing still: ${still.join(', ')}`);
}

function run(words) {
  // RUNLEVEL=1 keeps Debian from starting the services it installs.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, stdout, stderr } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...words], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) fail(`apt-get ${words.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`);
}

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
