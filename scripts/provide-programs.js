// Programs that tests and benchmarks run for real. On Debian, as root, installs what is missing; elsewhere says what is
// missing and how to get it. Downloads nothing if all are installed. The caller says what is needed, and for what.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * @typedef {object} Program
 * @property {string} [program] a name to be found on the path, or a path
 * @property {string} [file] what shows that it is there, where it is no program
 * @property {string} debianPackage
 * @property {string} [only] the one file of the package that is wanted; the package itself is not installed
 */

/**
 * Returns when all of it is there.
 * @param {readonly Program[]} needed
 * @throws Error that names what is missing
 */
export function providePrograms(needed) {
  const wanted = needed.filter((one) => !isThere(one));
  if (wanted.length === 0) return;
  const names = [...new Set(wanted.map(({ debianPackage }) => debianPackage))].join(' ');
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0)
    throw new Error(`Missing: ${names}\nOn Debian or Ubuntu: sudo apt-get install ${names}`);
  process.stderr.write(`Installing: ${names}\n`);
  run(['-qq', 'update']);
  const packages = wanted.filter(({ only }) => only === undefined).map(({ debianPackage }) => debianPackage);
  if (packages.length > 0) run(['-qq', '-y', '--no-install-recommends', 'install', ...packages]);
  for (const one of wanted) if (one.only !== undefined) extract(one);
  const still = needed.filter((one) => !isThere(one)).map(({ program, file }) => program ?? file);
  if (still.length > 0) throw new Error(`apt-get reported success, but this is missing still: ${still.join(', ')}`);
}

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

/** Takes one program out of a package that is not installed. */
function extract({ program, debianPackage, only }) {
  const folder = mkdtempSync(join(tmpdir(), 'sso-package-'));
  try {
    run(['-qq', 'download', debianPackage], folder);
    const file = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '';
    const { status, stderr } = spawnSync('dpkg-deb', ['-x', file, 'content'], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`dpkg-deb could not unpack ${debianPackage}:\n${stderr ?? ''}`);
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
  if (status !== 0) throw new Error(`apt-get ${words.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`);
}
