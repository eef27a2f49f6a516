// What a Node process has on its heap after a full collection: asked of its inspector, so that nothing is built into it.
import { once } from 'node:events';
import { WebSocket } from 'undici';

export interface HeapProbe {
  /** Runs a full collection and returns the heap in use. MiB. */
  usedMib(): Promise<number>;
  close(): void;
}

const answerMs = 30_000;

/** @param inspectorUrl `http://host:port` of `node --inspect` */
export async function probeHeap(inspectorUrl: string): Promise<HeapProbe> {
  const [target] = Object(await (await fetch(`${inspectorUrl}/json/list`)).json());
  const socket = new WebSocket(String(target.webSocketDebuggerUrl));
  await once(socket, 'open', { signal: AbortSignal.timeout(answerMs) });
  const waiting = new Map<number, (result: Readonly<Record<string, unknown>>) => void>();
  let asked = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = Object(JSON.parse(String(data)));
    waiting.get(id)?.(Object(result));
    waiting.delete(id);
  });

  function ask(method: string): Promise<Readonly<Record<string, unknown>>> {
    asked += 1;
    const id = asked;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${method} was not answered`)), answerMs);
      waiting.set(id, (result) => {
        clearTimeout(late);
        resolve(result);
      });
      socket.send(JSON.stringify({ id, method }));
    });
  }

  return {
    async usedMib() {
      await ask('HeapProfiler.collectGarbage');
      return Number((await ask('Runtime.getHeapUsage'))['usedSize']) / 2 ** 20;
    },
    close: () => socket.close(),
  };
}
