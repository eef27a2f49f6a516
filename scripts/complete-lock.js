// Adds to package-lock.json the optional packages for other platforms that npm left out. npm drops an optional package
// whose manifest it could not read while locking, and `npm ci` then refuses the lock on every machine. An entry made
// here has no integrity value: npm fetches it by version on the one platform that needs it.
// Run it after `npm install` where the registry at hand lacks some platforms: node scripts/complete-lock.js. With --check
// it changes nothing and exits 1 if the lock is not complete.
import { readFileSync, writeFileSync } from 'node:fs';

const platforms = /^(android|darwin|freebsd|linux|openharmony|win32)$/;
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', glibc: 'glibc', musl: 'musl', musleabihf: 'musl' };

/**
 * Optional packages that the lock asks for and does not hold.
 * @param {Record<string, { optionalDependencies?: Record<string, string>, dev?: boolean }>} packages
 */
function findMissing(packages) {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isHeld(packages, path, name))
      .map(([name, version]) => ({ name, version, dev })),
  );
}

/** Looks where Node would: in the folder of the package, then in each one above. */
function isHeld(packages, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}

/** `@swc/core-win32-x64-msvc` says for which machines it is. */
function readPlatform(name) {
  const words = name.split(/[/-]/);
  const at = words.findIndex((word) => platforms.test(word));
  if (at < 0) throw new TypeError(`${name} does not say for which platform it is`);
  const [os, cpu, library = ''] = words.slice(at);
  const libc = os === 'linux' ? libraries[library] : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = findMissing(lock.packages);
if (process.argv.includes('--check')) check();
else complete();

function check() {
  for (const { name } of missing) process.stderr.write(`package-lock.json lacks ${name}\n`);
  process.exitCode = missing.length > 0 ? 1 : 0;
}

function complete() {
  const made = missing.map(({ name, version, dev }) => [
    `node_modules/${name}`,
    { version, ...(dev ? { dev } : {}), optional: true, ...readPlatform(name) },
  ]);
  const packages = [...Object.entries(lock.packages), ...made].sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
  process.stdout.write(`${missing.length} optional packages added to package-lock.json\n`);
}
