// A load by wrk, which costs a core far less than any driver in Node: how many answers a second, and how soon.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findRoot } from '../sandbox/demo/find-root.ts';

export interface WrkLoad {
  readonly core: number;
  readonly seconds: number;
  /** Kept-alive connections, each with one request at a time. */
  readonly connections: number;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * `form`: POST with `token=` of the file's next line. `bearer`: GET with it as bearer. `addresses`: GET, each as if from
   * another address behind a proxy. Otherwise the same GET again and again.
   */
  readonly send?: 'form' | 'bearer' | 'addresses';
  /** One token a line. */
  readonly secrets?: string;
}

export interface Answers {
  readonly answered: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** @throws Error when anything was refused (status 400 or above) or broke: what refuses is not measured */
export async function runWrk(url: string, load: WrkLoad): Promise<Answers> {
  const { core, seconds, connections, headers = {}, send = 'plain', secrets } = load;
  const words = ['-c', `${core}`, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'];
  const script = ['-s', join(findRoot(), 'bench', 'wrk.lua')];
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  // wrk tries only the first address of a name, which may be the one of IPv6.
  const address = url.replace('//localhost:', '//127.0.0.1:');
  const child = spawn('taskset', [...words, ...script, ...lines, address], {
    env: { PATH: process.env['PATH'] ?? '', SEND: send, ...(secrets === undefined ? {} : { SECRETS: secrets }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const summary = output.split('\n').findLast((line) => line.startsWith('{'));
  if (code !== 0 || summary === undefined) throw new Error(`wrk is not installed or failed: ${output.slice(-500)}`);
  const { answered, refused, broken, p50Ms, p99Ms, ...measured } = Object(JSON.parse(summary));
  if (refused + broken > 0 || answered === 0)
    throw new Error(`${url}: of ${answered} requests ${refused} were refused and ${broken} broke`);
  return { answered, perSecond: answered / measured.seconds, p50Ms, p99Ms };
}
