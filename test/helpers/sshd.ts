// A real sshd on loopback with the configuration and the script of deploy/sftp, and the stock sftp client against it. As
// root each district is a user of its own in a chroot, as in production; without root there is no chroot and one user.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from './redis-server.ts';

export interface Sshd {
  /** For SFTP_DROP. */
  readonly drop: string;
  /** Whether districts are kept apart as in production. */
  readonly hasChroot: boolean;
  addDistrict(districtId: string): void;
  /** Runs the lines of a batch as the district; resolves to what the client said. @throws Error with the same, if one failed */
  sftp(districtId: string, lines: readonly string[]): Promise<string>;
  /** A client that sends its batch slowly, at so many Kbit/s. */
  slowSftp(districtId: string, lines: readonly string[], kilobits: number): SlowClient;
  /** Whether the district gets a shell, a tunnel or anything else but files: the exit code of ssh and what it printed. */
  ssh(districtId: string, words: readonly string[]): Promise<{ readonly code: number; readonly output: string }>;
  stop(): Promise<void>;
}

export interface SlowClient {
  readonly ended: Promise<number | null>;
  /** As if the network were cut. */
  kill(): void;
}

const deploy = fileURLToPath(new URL('../../deploy/sftp/', import.meta.url));

/** @throws Error if sshd is not installed, or does not start, with what it printed */
export async function startSshd(): Promise<Sshd> {
  const hasChroot = userInfo().uid === 0;
  // sshd refuses a chroot below a folder that others can write to, such as /tmp.
  const folder = mkdtempSync(join(hasChroot ? '/srv' : tmpdir(), `sso-sshd-${process.pid}-`));
  execFileSync('chmod', ['755', folder]);
  const [drop, keys, group] = [join(folder, 'drop'), join(folder, 'keys'), `sso-t${process.pid}`];
  for (const name of ['host', 'client']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)]);
  }
  const port = await findFreePort();
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8');
  writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${hostKey}`);
  if (hasChroot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const users = new Map<string, string>();
  let server: ChildProcess | undefined;

  function configFor(): string {
    const own = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      'PidFile none',
      'UsePAM no',
      'PasswordAuthentication no',
      'Subsystem sftp internal-sftp',
    ];
    const shipped = readFileSync(join(deploy, 'sso-bridge-sftp.conf'), 'utf8')
      .replace('/etc/ssh/sso-sftp-keys', keys)
      .replace('Group sso-sftp', hasChroot ? `Group ${group}` : 'all');
    const caged = hasChroot
      ? shipped
      : shipped.replace(/.*ChrootDirectory.*/, '').replace('-d /incoming', `-d ${drop}/incoming`);
    return [...own, caged].join('\n');
  }

  const file = join(folder, 'sshd_config');
  writeFileSync(file, configFor());
  server = await launch(file);
  const abandon = () => server?.kill('SIGKILL');
  process.once('exit', abandon);

  const client = [
    ['-F', 'none', '-i', join(folder, 'client')],
    ['-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'LogLevel=ERROR'],
    ['-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`, '-o', 'PreferredAuthentications=publickey'],
  ].flat();
  const addressOf = (districtId: string) => `${users.get(districtId) ?? 'nobody'}@127.0.0.1`;

  function start(districtId: string, lines: readonly string[], more: readonly string[]): ChildProcess {
    // Without a chroot all districts are this user, who starts above them.
    const first = hasChroot ? [] : [`cd ../${districtId}/incoming`];
    const child = spawn('sftp', ['-b', '-', '-P', `${port}`, ...client, ...more, addressOf(districtId)]);
    child.stdin.end(`${[...first, ...lines].join('\n')}\n`);
    return child;
  }

  return {
    drop,
    hasChroot,
    addDistrict(districtId) {
      const user = hasChroot ? `${group}-${users.size}` : userInfo().username;
      users.set(districtId, user);
      if (hasChroot) {
        const env = { ...process.env, DROP: drop, BRIDGE_USER: 'root', SFTP_GROUP: group, SFTP_USER: user, KEYS: keys };
        execFileSync(join(deploy, 'add-district.sh'), [districtId, join(folder, 'client.pub')], { env, stdio: 'pipe' });
      } else {
        for (const name of [districtId, `${districtId}/incoming`, `${districtId}/outgoing`, 'incoming'])
          mkdirSync(join(drop, name), { recursive: true });
        symlinkSync('incoming', join(drop, districtId, 'files'));
        mkdirSync(keys, { recursive: true });
        writeFileSync(join(keys, user), readFileSync(join(folder, 'client.pub')));
      }
    },
    async sftp(districtId, lines) {
      const child = start(districtId, lines, []);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += data));
      const code = await endOf(child);
      if (code !== 0) throw new Error(`sftp ended with ${code}:\n${output}`);
      return output;
    },
    slowSftp(districtId, lines, kilobits) {
      const child = start(districtId, lines, ['-l', `${kilobits}`, '-B', '256', '-R', '1']);
      child.stdout?.resume();
      child.stderr?.resume();
      return { ended: endOf(child), kill: () => void child.kill('SIGKILL') };
    },
    ssh: (districtId, words) =>
      new Promise((resolve) => {
        const args = [...client, '-p', `${port}`, addressOf(districtId), ...words];
        const child = execFile('ssh', args, { timeout: 60_000 }, (failure, stdout, stderr) =>
          resolve({ code: failure === null ? 0 : Number(failure.code ?? -1), output: stdout + stderr }),
        );
        child.stdin?.end();
      }),
    async stop() {
      process.off('exit', abandon);
      if (server !== undefined) {
        const ended = endOf(server);
        server.kill('SIGTERM');
        await ended;
      }
      if (hasChroot) {
        for (const user of users.values()) execFileSync('userdel', ['--force', user], { stdio: 'pipe' });
        if (users.size > 0) execFileSync('groupdel', [group], { stdio: 'pipe' });
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const endOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('error', reject).once('exit', resolve);
  });

function launch(file: string): Promise<ChildProcess> {
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      if (said.includes('Server listening')) resolve(child);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`sshd did not start (${code}):\n${said}`)));
  });
}
