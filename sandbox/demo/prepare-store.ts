// Fills an empty store as a first week would: three districts linked, the rosters of two published, the older one of
// Juniper Flats before today's. Through the same commands an operator types, in this process.
import { join } from 'node:path';
import { runCommand } from '../../src/cli.ts';
import type { Environment } from '../../src/config.ts';
import { alderCreek, juniperFlats, portWexley } from '../clever/districts.ts';
import type { District } from '../clever/person.ts';
import { findRoot } from './find-root.ts';

const link = ({ slug, id, name }: District) => [
  ...['district', 'put', slug],
  ...['--clever-id', id, '--name', name, '--rostering', 'sftp'],
];
const publish = ({ slug }: District, folder: string = slug) => [
  ...['roster', 'publish', join(findRoot(), 'sandbox', 'rosters', folder)],
  ...['--district', slug, '--method', 'sftp'],
];

const firstWeek: readonly (readonly string[])[] = [
  link(juniperFlats),
  link(portWexley),
  link(alderCreek),
  publish(juniperFlats, `${juniperFlats.slug}-before`),
  publish(juniperFlats),
  publish(portWexley),
];

/** @throws Error with what the command printed, if one is refused */
export async function prepareStore(environment: Environment): Promise<void> {
  for (const words of firstWeek) await run(words, environment);
}

async function run(words: readonly string[], environment: Environment): Promise<void> {
  const printed: string[] = [];
  const stream = { write: (text: string) => printed.push(text) };
  const surroundings = {
    environment: { SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d', ...environment },
    layers: [],
    stdout: stream,
    stderr: stream,
  };
  const serve = () => Promise.reject(new TypeError('no server is started here'));
  const exitCode = await runCommand(words, surroundings, serve);
  if (exitCode !== 0)
    throw new Error(`sso-bridge ${words.slice(0, 2).join(' ')} ended with ${exitCode}:\n${printed.join('')}`);
}
