// A TLS server with an untrusted certificate, as a man in the middle would have. Records what it receives.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';

export interface UntrustedServer {
  readonly port: number;
  /** Everything that came after a handshake. */
  received(): string;
  /** Handshakes that were begun. */
  connections(): number;
  close(): Promise<unknown>;
}

export async function startUntrustedServer(): Promise<UntrustedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...made, ...names], { stdio: 'ignore' });
  let [received, connections] = ['', 0];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    socket.on('data', (data) => {
      received += data.toString('latin1');
      socket.write('+OK\r\n');
    });
    socket.on('error', () => undefined);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  rmSync(folder, { recursive: true, force: true });
  return {
    port: (server.address() as AddressInfo).port,
    received: () => received,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
