// The programs that the tests run for real: Redis, a browser, an SSH server, Python with its JWT library, promtool. On
// Debian, as root, installs what is missing; elsewhere says what is missing and how to get it. Downloads nothing if all is there.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const needed = [
  { program: 'redis-server', debianPackage: 'redis-server' },
  { program: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', debianPackage: 'chromium' },
  { program: 'sshd', debianPackage: 'openssh-server' },
  { program: 'sftp', debianPackage: 'openssh-client' },
  { program: 'openssl', debianPackage: 'openssl' },
  { program: '/usr/bin/python3', debianPackage: 'python3' },
  { file: '/usr/lib/python3/dist-packages/jwt/__init__.py', debianPackage: 'python3-jwt' },
  { file: '/usr/lib/python3/dist-packages/cryptography/__init__.py', debianPackage: 'python3-cryptography' },
  // One file of it: the package itself would bring a server with its user, and a dozen libraries for its pages.
  { program: 'promtool', debianPackage: 'prometheus', only: 'usr/bin/promtool' },
];

const missing = needed.filter((one) => !isThere(one));
if (missing.length > 0) provide(missing);

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

function provide(wanted) {
  const names = wanted.map(({ debianPackage }) => debianPackage).join(' ');
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0)
    fail(
      `The tests need: ${names}\nOn Debian or Ubuntu: sudo apt-get install ${names}\nA Chromium elsewhere than /usr/bin: set CHROMIUM_PATH.`,
    );
  process.stdout.write(`Installing for the tests: ${names}\n`);
  run(['-qq', 'update']);
  const packages = wanted.filter(({ only }) => only === undefined).map(({ debianPackage }) => debianPackage);
  if (packages.length > 0) run(['-qq', '-y', '--no-install-recommends', 'install', ...packages]);
  for (const one of wanted) if (one.only !== undefined) extract(one);
  const still = needed.filter((one) => !isThere(one)).map(({ program, file }) => program ?? file);
  if (still.length > 0) fail(`apt-get reported success, but this is missing still: ${still.join(', ')}`);
}

/** Takes one program out of a package that is not installed. */
function extract({ program, debianPackage, only }) {
  const folder = mkdtempSync(join(tmpdir(), 'sso-package-'));
  try {
    run(['-qq', 'download', debianPackage], folder);
    const file = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '';
    const { status, stderr } = spawnSync('dpkg-deb', ['-x', file, 'content'], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) fail(`dpkg-deb could not unpack ${debianPackage}:\n${stderr ?? ''}`);
    copyFileSync(join(folder, 'content', only), join('/usr/local/bin', program));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(words, cwd) {
  // RUNLEVEL=1 keeps Debian from starting the services it installs.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, stdout, stderr } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...words], {
    env,
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) fail(`apt-get ${words.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`);
}

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
