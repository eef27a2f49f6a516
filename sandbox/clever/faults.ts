// Acts on the switches that concern whole answers: late, 5xx, HTML, cut off, endless, invalid_client. Stands before
// everything else, so a fault consumes no code. Knows node:http alone, so that every stand-in can have it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint, Switches, SwitchName } from './switches.ts';

const paths: readonly (readonly [RegExp, Endpoint])[] = [
  [/^\/\.well-known\/openid-configuration$/, 'discovery'],
  [/^\/oauth\/certs$/, 'jwks'],
  [/^\/oauth\/(authorize|instant-login)$/, 'authorize'],
  [/^\/oauth\/tokens$/, 'token'],
  [/^\/userinfo$/, 'userinfo'],
  [/^\/v\d\.\d\//, 'api'],
];

const htmlType = { 'Content-Type': 'text/html; charset=utf-8' };
const json = { 'Content-Type': 'application/json; charset=utf-8' };

export type Faults = (req: IncomingMessage, res: ServerResponse, next: () => void) => Promise<void>;

/** @param closing aborts the waiting of `slow` when the sandbox ends */
export function createFaults(switches: Switches, closing: AbortSignal): Faults {
  return async ({ url = '', method }, res, next) => {
    const endpoint = paths.find(([path]) => path.test(url.split('?')[0] ?? ''))?.[1];
    if (endpoint === undefined) return next();
    const slow = switches.take('slow', endpoint);
    if (slow) await sleep(slow.ms, undefined, { signal: closing }).catch(() => undefined);
    if (res.closed) return;
    if (!answerFaultily(switches, endpoint, res, method)) next();
  };
}

function answerFaultily(
  switches: Switches,
  endpoint: Endpoint,
  res: ServerResponse,
  method: string | undefined,
): boolean {
  const is = <N extends SwitchName>(name: N) => switches.take(name, endpoint);
  if (is('drop')) {
    res.socket?.destroy();
    return true;
  }
  const fail = is('fail');
  if (fail) {
    res.writeHead(fail.status, json).end(JSON.stringify({ message: 'Internal error' }));
    return true;
  }
  if (is('html')) {
    const page = '<!doctype html><title>Clever</title><h1>We will be right back</h1>';
    res.writeHead(200, htmlType).end(page);
    return true;
  }
  const huge = is('huge');
  if (huge) {
    void sendEndlessJson(res, huge.bytes);
    return true;
  }
  // The list of district tokens has the same path and takes no code.
  const refusal = endpoint === 'token' && method === 'POST' ? is('tokenError') : undefined;
  if (refusal) {
    const [status, headers, body] = tokenErrors[refusal.as];
    res.writeHead(status, headers).end(body);
    return true;
  }
  if (endpoint === 'token' && is('invalidClient')) {
    res.writeHead(401, { ...json, 'WWW-Authenticate': 'Basic' }).end(JSON.stringify({ error: 'invalid_client' }));
    return true;
  }
  return false;
}

const invalidCode = 'Invalid grant: invalid code';
const tokenErrors = {
  clever: [400, json, JSON.stringify({ error: invalidCode })],
  message: [400, json, JSON.stringify({ message: invalidCode })],
  html: [401, htmlType, '<!doctype html><title>Unauthorized</title><h1>401 Unauthorized</h1>'],
  ok: [200, json, JSON.stringify({ error: 'invalid_grant' })],
} as const;

async function sendEndlessJson(res: ServerResponse, bytes: number): Promise<void> {
  const chunk = 'a'.repeat(64 * 1024);
  res.writeHead(200, json).write('{"padding":"');
  for (let sent = 0; sent < bytes && !res.destroyed; sent += chunk.length) {
    if (!res.write(chunk)) await drained(res);
  }
  if (!res.destroyed) res.end('"}');
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      res.off('drain', go);
      res.off('close', go);
      resolve();
    };
    res.on('drain', go);
    res.on('close', go);
  });
}
