// Counts what reaches a stand-in Clever's token endpoint, from outside it: by the requests this process receives.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

const channel = 'http.server.request.start';

export interface TokenRequests {
  count(): number;
  stop(): void;
}

export function countTokenRequests(cleverUrl: string): TokenRequests {
  const { host } = new URL(cleverUrl);
  let count = 0;
  const see = (message: unknown) => {
    const { request } = Object(message);
    if (request instanceof IncomingMessage && request.headers.host === host && request.url === '/oauth/tokens')
      count += 1;
  };
  subscribe(channel, see);
  return { count: () => count, stop: () => void unsubscribe(channel, see) };
}
