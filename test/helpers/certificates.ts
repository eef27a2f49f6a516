// An authority of its own and certificates that it vouches for, as files, by openssl.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Authority {
  /** Of `ca.pem`, and of `NAME.pem` and `NAME.key` of what was certified. */
  path(name: string): string;
  /** @param extensions as openssl's -extfile has them, such as `subjectAltName=DNS:store.internal` */
  certify(name: string, subject: string, extensions: string): void;
  /** Removes all of its files. */
  remove(): void;
}

export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'sso-tls-'));
  const path = (name: string) => join(folder, name);
  const openssl = (command: string, ...more: readonly string[]) =>
    void execFileSync('openssl', [...command.split(' '), ...more], { cwd: folder, stdio: 'ignore' });
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Test');
  return {
    path,
    certify(name, subject, extensions) {
      openssl(`req -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.csr`, '-subj', `/CN=${subject}`);
      writeFileSync(path(`${name}.ext`), extensions);
      openssl(
        `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ${name}.ext -out ${name}.pem`,
      );
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
