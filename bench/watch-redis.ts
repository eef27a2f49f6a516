// Every command that a Redis server runs, as MONITOR reports it. On a socket of its own: a client that is still parsing the
// answer to MONITOR fails on the first command of another client in the same packet.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface, type Interface } from 'node:readline';

export interface SeenCommand {
  readonly words: readonly string[];
  /** A script asked, and not a client. */
  readonly isInner: boolean;
}

/** Resolves when the server reports; returns the function that ends it, after all earlier commands were reported. */
export async function watchRedis(port: number, see: (command: SeenCommand) => void): Promise<() => Promise<void>> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = createInterface({ input: socket });
  const first = once(lines, 'line');
  const isMarker = (command: SeenCommand) => command.words[1]?.startsWith(markerName) === true;
  lines.on('line', (line) => {
    const command = readCommand(line);
    if (command !== undefined && !isMarker(command)) see(command);
  });
  socket.write('MONITOR\r\n');
  await first;
  return async () => {
    await sendMarker(port, lines);
    lines.close();
    socket.destroy();
  };
}

const markerName = 'marker-of-a-watch-';

/** Lines come in the order of the commands, by another connection than the answers. */
async function sendMarker(port: number, lines: Interface): Promise<void> {
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

/** `+1795313845.45 [0 127.0.0.1:4711] "GET" "a key"`, `[0 lua]` for a script. Escaped characters stay escaped. */
export function readCommand(line: string): SeenCommand | undefined {
  const [, source, text = ''] = /^\+[\d.]+ \[\d+ ([^\]]*)\] (.*)$/.exec(line) ?? [];
  if (source === undefined) return undefined;
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word);
  return { words, isInner: source === 'lua' };
}
