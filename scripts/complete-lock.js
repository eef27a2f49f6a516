// Completes package-lock.json. Adds the optional packages for other platforms that npm left out: it drops one whose manifest
// it could not read while locking, and `npm ci` then refuses the lock on every machine. And asks the registry for each hash
// that is missing: without it npm would accept any file on the platform that needs the package.
// Run it after `npm install`: node scripts/complete-lock.js. With --check it changes nothing, makes no request, and exits 1 if the
// lock is not complete.
import { execFileSync } from 'node:child_process';
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
/** All but this package, its workspaces and the links to them. */
const isFetched = ([path, { link }]) => path.startsWith('node_modules/') && link !== true;
const unhashed = Object.entries(lock.packages).filter((entry) => isFetched(entry) && entry[1].integrity === undefined);
if (process.argv.includes('--check')) check();
else complete();

function check() {
  for (const { name } of missing) process.stderr.write(`package-lock.json lacks ${name}\n`);
  for (const [path] of unhashed) process.stderr.write(`package-lock.json lacks the hash of ${path}\n`);
  process.exitCode = missing.length + unhashed.length > 0 ? 1 : 0;
}

function complete() {
  const made = missing.map(({ name, version, dev }) => [
    `node_modules/${name}`,
    { version, ...(dev ? { dev } : {}), optional: true, ...readPlatform(name) },
  ]);
  const hashed = [...unhashed, ...made].map(([path, { version, ...more }]) => [
    path,
    {
      version,
      integrity: readHash(path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), version),
      ...more,
    },
  ]);
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(hashed) });
  packages.sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
  process.stdout.write(`${missing.length} optional packages and ${hashed.length} hashes added to package-lock.json\n`);
}

/** By npm itself, with the registry that it is set to. */
function readHash(name, version) {
  const hash = execFileSync('npm', ['view', `${name}@${version}`, 'dist.integrity'], { encoding: 'utf8' }).trim();
  if (!/^sha512-/.test(hash)) throw new Error(`the registry does not say the hash of ${name}@${version}`);
  return hash;
}
