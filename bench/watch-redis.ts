// Every command that a Redis server runs, as MONITOR tells it. By a socket of its own: a client that is still busy with the
// answer to MONITOR trips over the first command of somebody else that comes in the same packet.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

export interface SeenCommand {
  readonly words: readonly string[];
  /** A script asked, and not a client. */
  readonly isInner: boolean;
}

/** Resolves when the server tells; answers what ends it. */
export async function watchRedis(port: number, see: (command: SeenCommand) => void): Promise<() => void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = createInterface({ input: socket });
  const told = once(lines, 'line');
  lines.on('line', (line) => {
    const command = readCommand(line);
    if (command !== undefined) see(command);
  });
  socket.write('MONITOR\r\n');
  await told;
  return () => {
    lines.close();
    socket.destroy();
  };
}

/** `+1795313845.45 [0 127.0.0.1:4711] "GET" "a key"`, `[0 lua]` for a script. Signs that are not plain stay escaped. */
export function readCommand(line: string): SeenCommand | undefined {
  const [, source, text = ''] = /^\+[\d.]+ \[\d+ ([^\]]*)\] (.*)$/.exec(line) ?? [];
  if (source === undefined) return undefined;
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word);
  return { words, isInner: source === 'lua' };
}
