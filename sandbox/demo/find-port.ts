// A port for one of the demo's servers: the usual one, or any free one when it is taken.
import { createServer } from 'node:net';

export async function findPort(usual: number): Promise<number> {
  return (await probe(usual)) ?? (await probe(0)) ?? usual;
}

/** The port, if it is free on every address of this machine. 0 takes any. */
async function probe(port: number): Promise<number | undefined> {
  const everywhere = await tryListening(port, undefined);
  if (everywhere === undefined) return undefined;
  // Where one server listens on all addresses and another on one, both may be allowed; a browser then meets either.
  for (const host of ['127.0.0.1', '::1']) if (await isTaken(everywhere, host)) return undefined;
  return everywhere;
}

function tryListening(port: number, host: string | undefined): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** On a machine without IPv6 nothing listens on ::1. */
function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (failure: NodeJS.ErrnoException) => resolve(failure.code === 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)));
  });
}
