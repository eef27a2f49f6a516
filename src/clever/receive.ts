// One response over an undici connection, as a status, headers and bytes. Uses `dispatch`, because the body stream of
// `request` costs as much as the rest of a call.
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As received; the agent limits its size. */
  readonly body: Buffer;
}

/** Rejects with undici's error, or with the reason of `signal` as soon as that aborts. */
export function receive(
  agent: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let started: Pick<Received, 'status' | 'headers'> = { status: 0, headers: {} };
    const chunks: Buffer[] = [];
    const stop = () => {
      controller?.abort(signal.reason);
      reject(signal.reason);
    };
    const end = () => signal.removeEventListener('abort', stop);
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', stop);
    agent.dispatch(options, {
      onRequestStart(given) {
        controller = given;
        // It waited for a connection until after the deadline.
        if (signal.aborted) given.abort(signal.reason);
      },
      onResponseStart(_controller, status, headers) {
        started = { status, headers };
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd() {
        end();
        const [first = Buffer.alloc(0), ...more] = chunks;
        resolve({ ...started, body: more.length === 0 ? first : Buffer.concat(chunks) });
      },
      onResponseError(_controller, failure) {
        end();
        reject(failure);
      },
    });
  });
}
