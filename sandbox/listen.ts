// Opens and closes the stand-ins' servers, on this machine alone.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/** In PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * A stand-in's server, which listens and answers nothing yet.
 * @param port 0 takes any free one
 * @param certificate of `localhost`; with it the server speaks https
 * @throws Error when the port is taken
 */
export async function openServer(
  port = 0,
  certificate?: Certificate,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = certificate === undefined ? createServer() : createTlsServer(certificate);
  return { server, url: `${certificate === undefined ? 'http' : 'https'}://localhost:${await listen(server, port)}` };
}

/** Of the files that TLS_CERT_FILE and TLS_KEY_FILE name. */
export function readCertificate({ TLS_CERT_FILE, TLS_KEY_FILE }: NodeJS.ProcessEnv): Certificate | undefined {
  if (!TLS_CERT_FILE || !TLS_KEY_FILE) return undefined;
  return { cert: readFileSync(TLS_CERT_FILE, 'utf8'), key: readFileSync(TLS_KEY_FILE, 'utf8') };
}

/** @param port 0 takes any free one @returns the port taken @throws Error when it is taken already */
export function listen(server: Server, port: number, host = 'localhost'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Closes all open connections too. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Ends a stand-in that runs as a process of its own, once, on SIGTERM or Ctrl-C. */
export function endOnSignal(end: () => Promise<void>): void {
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      void end().then(() => process.exit(0));
    });
  }
}
