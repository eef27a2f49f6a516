// The programs that the tests run for real: Redis, Python with its JWT library, promtool; with --full also what only
// `npm run test:full` needs, a browser, an SSH server, other languages and nginx; with --valkey Valkey alone.
import { providePrograms } from './provide-programs.js';

const needed = [
  { program: 'redis-server', debianPackage: 'redis-server' },
  { program: 'openssl', debianPackage: 'openssl' },
  { program: '/usr/bin/python3', debianPackage: 'python3' },
  { file: '/usr/lib/python3/dist-packages/jwt/__init__.py', debianPackage: 'python3-jwt' },
  { file: '/usr/lib/python3/dist-packages/cryptography/__init__.py', debianPackage: 'python3-cryptography' },
  { program: 'systemd-analyze', debianPackage: 'systemd' },
  // One file of it: the package itself would bring a server with its user, and a dozen libraries for its pages.
  { program: 'promtool', debianPackage: 'prometheus', only: 'usr/bin/promtool' },
];

const neededInFull = [
  { program: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', debianPackage: 'chromium' },
  { program: 'sshd', debianPackage: 'openssh-server' },
  { program: 'sftp', debianPackage: 'openssh-client' },
  { program: 'ruby', debianPackage: 'ruby' },
  { file: '/var/lib/dpkg/info/ruby-jwt.list', debianPackage: 'ruby-jwt' },
  { file: '/usr/lib/python3/dist-packages/authlib/__init__.py', debianPackage: 'python3-authlib' },
  { program: 'go', debianPackage: 'golang-go' },
  {
    file: '/usr/share/gocode/src/github.com/golang-jwt/jwt/parser.go',
    debianPackage: 'golang-github-golang-jwt-jwt-dev',
  },
  { file: '/usr/lib/python3/dist-packages/flask/__init__.py', debianPackage: 'python3-flask' },
  { file: '/usr/lib/python3/dist-packages/requests/__init__.py', debianPackage: 'python3-requests' },
  { program: 'curl', debianPackage: 'curl' },
  // One file of it: the package itself would start a server with each boot.
  { program: 'nginx', debianPackage: 'nginx', only: 'usr/sbin/nginx' },
];

const valkey = [{ program: 'valkey-server', debianPackage: 'valkey-server' }];

try {
  if (process.argv.includes('--valkey')) providePrograms(valkey);
  else providePrograms(process.argv.includes('--full') ? [...needed, ...neededInFull] : needed);
} catch (failure) {
  process.stderr.write(
    `${failure.message}\nThe tests need it. A Chromium elsewhere than /usr/bin: set CHROMIUM_PATH.\n`,
  );
  process.exit(1);
}
