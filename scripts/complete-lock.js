// Adds to package-lock.json the optional packages for other platforms that npm left out. npm drops an optional package
// whose manifest it could not read while locking, and `npm ci` then refuses the lock on every machine. An entry made
// here has no integrity value: npm fetches it by version on the one platform that needs it.
// Run it after `npm install` where the registry at hand lacks some platforms: node scripts/complete-lock.js
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const platforms = /^(android|darwin|freebsd|linux|openharmony|win32)$/;
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', glibc: 'glibc', musl: 'musl', musleabihf: 'musl' };

/**
 * Optional packages that the lock asks for and does not hold.
 * @param {Record<string, { optionalDependencies?: Record<string, string>, dev?: boolean }>} packages
 */
export function findMissing(packages) {
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

function complete(file) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = findMissing(lock.packages);
  for (const { name, version, dev } of missing)
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(dev ? { dev } : {}),
      optional: true,
      ...readPlatform(name),
    };
  const byPath = ([one], [other]) => (one < other ? -1 : 1);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${missing.length} optional packages added to package-lock.json\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  complete(fileURLToPath(new URL('../package-lock.json', import.meta.url)));
