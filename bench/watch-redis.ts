// Every command that a Redis server runs, as MONITOR tells it. By a socket of its own: a client that is still busy with the
// answer to MONITOR trips over the first command of somebody else that comes in the same packet.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface, type Interface } from 'node:readline';

export interface SeenCommand {
  readonly words: readonly string[];
  /** A script asked, and not a client. */
  readonly isInner: boolean;
}

/** Resolves when the server tells; answers what ends it, once all that was asked before has been told. */
export async function watchRedis(port: number, see: (command: SeenCommand) => void): Promise<() => Promise<void>> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = createInterface({ input: socket });
  const told = once(lines, 'line');
  const isMarker = (command: SeenCommand) => command.words[1]?.startsWith(markerName) === true;
  lines.on('line', (line) => {
    const command = readCommand(line);
    if (command !== undefined && !isMarker(command)) see(command);
  });
  socket.write('MONITOR\r\n');
  await told;
  return async () => {
    await tellMarker(port, lines);
    lines.close();
    socket.destroy();
  };
}

const markerName = 'marker-of-a-watch-';

/** Lines come in the order of the commands, by another connection than the answers. */
async function tellMarker(port: number, lines: Interface): Promise<void> {
  const marker = `${markerName}${randomUUID()}`;
  const seen = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (readCommand(line)?.words[1] === marker) resolve();
    });
  });
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`ECHO ${marker}\r\n`);
  await seen;
  socket.destroy();
}

/** `+1795313845.45 [0 127.0.0.1:4711] "GET" "a key"`, `[0 lua]` for a script. Signs that are not plain stay escaped. */
export function readCommand(line: string): SeenCommand | undefined {
  const [, source, text = ''] = /^\+[\d.]+ \[\d+ ([^\]]*)\] (.*)$/.exec(line) ?? [];
  if (source === undefined) return undefined;
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word);
  return { words, isInner: source === 'lua' };
}
