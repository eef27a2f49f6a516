// Acts on the switches that concern whole answers: late, 5xx, HTML, cut off, endless, invalid_client. Stands before
// everything else, so a fault consumes no code.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import type { Endpoint, Switches, SwitchName } from './switches.ts';

const paths: readonly (readonly [RegExp, Endpoint])[] = [
  [/^\/\.well-known\/openid-configuration$/, 'discovery'],
  [/^\/oauth\/certs$/, 'jwks'],
  [/^\/oauth\/(authorize|instant-login)$/, 'authorize'],
  [/^\/oauth\/tokens$/, 'token'],
  [/^\/userinfo$/, 'userinfo'],
  [/^\/v\d\.\d\//, 'api'],
];

/** @param closing aborts the waiting of `slow` when the sandbox ends */
export function createFaults(switches: Switches, closing: AbortSignal): RequestHandler {
  return async (req, res, next) => {
    const endpoint = paths.find(([path]) => path.test(req.path))?.[1];
    if (endpoint === undefined) return next();
    const slow = switches.take('slow', endpoint);
    if (slow) await sleep(slow.ms, undefined, { signal: closing }).catch(() => undefined);
    if (res.closed) return;
    if (!answerFaultily(switches, endpoint, res)) next();
  };
}

function answerFaultily(switches: Switches, endpoint: Endpoint, res: Response): boolean {
  const is = <N extends SwitchName>(name: N) => switches.take(name, endpoint);
  if (is('drop')) {
    res.socket?.destroy();
    return true;
  }
  const fail = is('fail');
  if (fail) {
    res.status(fail.status).json({ message: 'Internal error' });
    return true;
  }
  if (is('html')) {
    res.status(200).type('html').send('<!doctype html><title>Clever</title><h1>We will be right back</h1>');
    return true;
  }
  const huge = is('huge');
  if (huge) {
    void sendEndlessJson(res, huge.bytes);
    return true;
  }
  if (endpoint === 'token' && is('invalidClient')) {
    res.status(401).set('WWW-Authenticate', 'Basic').json({ error: 'invalid_client' });
    return true;
  }
  return false;
}

async function sendEndlessJson(res: Response, bytes: number): Promise<void> {
  const chunk = 'a'.repeat(64 * 1024);
  res.status(200).type('json').write('{"padding":"');
  for (let sent = 0; sent < bytes && !res.destroyed; sent += chunk.length) {
    if (!res.write(chunk)) await drained(res);
  }
  if (!res.destroyed) res.end('"}');
}

function drained(res: Response): Promise<void> {
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
