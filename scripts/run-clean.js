// Runs a command and cleans up after it: `node scripts/run-clean.js COMMAND [ARGUMENT...]`. Its temporary files go to a
// folder of the run, in memory where there is room, which is removed at the end. Processes that it leaves are killed, also when
// this process is interrupted or its parent has exited.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { constants, freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Tests side by side have some hundred megabytes of files; the rest is for the processes. */
const leastInMemory = 6 * 2 ** 30;

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  process.stderr.write('Usage: node scripts/run-clean.js COMMAND [ARGUMENT...]\n');
  process.exit(2);
}
const place = findPlace();
removeOfGone(place, /^sso-run-(\d+)-/);
const folder = mkdtempSync(join(place, `sso-run-${process.pid}-`));
// Other users pass through it, as through /tmp: tests start servers and readers that run as another user.
chmodSync(folder, 0o711);
// A group of its own, which does not get Ctrl-C: it is killed from here.
const child = spawn(command, args, {
  detached: true,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, TMPDIR: folder },
});
let interruptedBy;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupt(signal));
const startedBy = process.ppid;
setInterval(() => process.ppid !== startedBy && interrupt('SIGTERM'), 500).unref();
child
  .once('error', ({ message }) => end(1, message))
  .once('exit', (code, signal) => end(code ?? 128 + numberOf(signal)));

function interrupt(signal) {
  interruptedBy ??= signal;
  killGroup();
}

async function end(code, message) {
  if (message !== undefined) process.stderr.write(`${message}\n`);
  await killAll();
  removeSftpUsers();
  removeOfGone('/srv', /^sso-sshd-(\d+)-/);
  removeOfGone('node_modules/.cache', /^child-(\d+)-/);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  process.exit(interruptedBy === undefined ? code : 128 + numberOf(interruptedBy));
}

/** In memory: with each commit the embedded store waits for the disk, which takes half of the time of many tests. */
function findPlace() {
  const memory = '/dev/shm';
  const options = /^\S+ \/dev\/shm tmpfs (\S+)/m.exec(read('/proc/mounts'))?.[1];
  if (process.env.TMPDIR || options === undefined || /noexec|\bro\b/.test(options)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return Math.min(bavail * bsize, freemem()) < leastInMemory ? tmpdir() : memory;
}

function killGroup() {
  if (child.pid !== undefined) kill(-child.pid);
}

/** Also what left the group: it has the run's TMPDIR. Looked for until nothing is there, since a process may start another. */
async function killAll() {
  killGroup();
  for (let looks = 0; looks < 50; looks += 1) {
    const left = findProcesses();
    if (left.length === 0) return;
    left.forEach(kill);
    await sleep(20);
  }
}

function findProcesses() {
  if (!existsSync('/proc/self/environ')) return [];
  const mark = `\0TMPDIR=${folder}`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const isOurs = (environment) => environment.includes(`${mark}\0`) || environment.includes(`${mark}/`);
  return pids.filter((pid) => isOurs(`\0${read(`/proc/${pid}/environ`)}`)).map(Number);
}

/** Users that tests of SFTP made as root and could not remove: their names have the id of a process that is gone. */
function removeSftpUsers() {
  if (process.getuid?.() !== 0) return;
  const goneOf = (file) =>
    [...read(file).matchAll(/^(sso-t(\d+)\S*?):/gm)].filter(([, , pid]) => !isRunning(pid)).map(([, name]) => name);
  for (const name of goneOf('/etc/passwd')) spawnSync('userdel', ['--force', name]);
  for (const name of goneOf('/etc/group')) spawnSync('groupdel', [name]);
}

/** Folders that cannot be among the temporary ones: their names have the id of a process that is gone. */
function removeOfGone(parent, pattern) {
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    const [, pid] = pattern.exec(name) ?? [];
    if (pid !== undefined && !isRunning(pid)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    return process.kill(Number(pid), 0);
  } catch ({ code }) {
    return code === 'EPERM';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has exited already.
  }
}

/** Empty for a file that does not exist or that we may not read. */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function numberOf(signal) {
  return constants.signals[signal] ?? 0;
}
