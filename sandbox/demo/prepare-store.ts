// Fills an empty store as a first week would: districts of every method of rostering, their rosters published, and a
// pre-flight. Through the same commands an operator types, in this process.
import { join } from 'node:path';
import { runCommand } from '../../src/cli.ts';
import type { Environment } from '../../src/config/gather-settings.ts';
import { cedarHollow, willowBend } from '../clever/data-people.ts';
import { alderCreek, juniperFlats, portWexley } from '../clever/districts.ts';
import { marlValley } from '../clever/hand-rostered-people.ts';
import { quartzRidge } from '../clever/oneroster-people.ts';
import type { District } from '../clever/person.ts';
import { coachAddresses } from '../reading-coach/start-reading-coach.ts';
import { writeCleverExport, writeSpreadsheet } from './district-files.ts';
import { findRoot } from './find-root.ts';
import { writeOneRoster } from './oneroster-files.ts';
import { writeTemplates } from './template-files.ts';

const link = ({ slug, id, name }: District, rostering = 'sftp') => [
  'district',
  'put',
  slug,
  '--clever-id',
  id,
  '--name',
  name,
  '--rostering',
  rostering,
];
const publish = ({ slug }: District, folder: string = slug) => [
  'roster',
  'publish',
  join(findRoot(), 'sandbox', 'rosters', folder),
  '--district',
  slug,
  '--method',
  'sftp',
];

const firstWeek: readonly (readonly string[])[] = [
  link(juniperFlats),
  link(portWexley),
  link(alderCreek),
  publish(juniperFlats, `${juniperFlats.slug}-before`),
  publish(juniperFlats),
  publish(portWexley),
];

/** Districts that send files. @throws Error with what a command printed, if it is refused */
export async function prepareStore(environment: Environment): Promise<void> {
  for (const words of firstWeek) await run(words, environment);
}

/** The product's credential for the list of ended sessions; the secret is shown once, as to any product. */
export async function createProductCredential(
  environment: Environment,
): Promise<{ readonly id: string; readonly secret: string }> {
  const words = ['credential', 'create', '--scope', 'product', '--name', 'Demo product', '--json'];
  const { id, secret } = Object(JSON.parse((await run(words, environment)).join('')));
  return { id, secret };
}

/** The second product and the program of a person's own machine. The district of OneRoster CSV is launched into the former. */
export async function registerClients(
  environment: Environment,
  coachPort: number,
): Promise<{ readonly coachSecret: string }> {
  const { redirectUri, initiateLoginUri, postLogoutRedirectUri, backchannelLogoutUri } = coachAddresses(coachPort);
  const coach = [
    ...['client', 'put', 'reading-coach', '--redirect-uri', redirectUri, '--initiate-login-uri', initiateLoginUri],
    ...['--post-logout-redirect-uri', postLogoutRedirectUri, '--backchannel-logout-uri', backchannelLogoutUri],
    ...['--scopes', 'openid,profile,offline_access', '--launch-district', quartzRidge.slug, '--json'],
  ];
  const { secret } = Object(JSON.parse((await run(coach, environment)).join('')));
  await run(['client', 'put', 'desktop-app', '--public', '--redirect-uri', 'http://127.0.0.1/callback'], environment);
  return { coachSecret: secret };
}

/**
 * A district that sends OneRoster CSV, one that fills in Summit's templates, and those that Clever itself rosters, the second with a spreadsheet of its teachers;
 * needs Clever to be up. Then a pre-flight of Port Wexley.
 * @returns what the pre-flight says
 */
export async function syncAndCheck(environment: Environment, folder: string): Promise<readonly string[]> {
  const [workbook, people, report] = ['willow-bend.xlsx', 'clever-people.csv', 'pre-flight.csv'].map((name) =>
    join(folder, name),
  );
  if (workbook === undefined || people === undefined || report === undefined) return [];
  await writeSpreadsheet(workbook);
  await writeCleverExport(people);
  await prepareOneRoster(environment, join(folder, quartzRidge.slug));
  await prepareTemplates(environment, join(folder, marlValley.slug));
  await run(link(cedarHollow, 'secure-sync:full'), environment);
  await run(link(willowBend, 'secure-sync:provisioning'), environment);
  await run(['sync'], environment);
  await run(['roster', 'publish', workbook, '--district', willowBend.slug, '--method', 'manual'], environment);
  return run(['preflight', people, '--district', portWexley.slug, '--out', report], environment, 1);
}

/** @param folder for the files, made here */
export async function prepareOneRoster(environment: Environment, folder: string): Promise<void> {
  await writeOneRoster(folder);
  await run(link(quartzRidge), environment);
  await run(['roster', 'publish', folder, '--district', quartzRidge.slug, '--method', 'sftp'], environment);
}

/** @param folder for the files, made here */
export async function prepareTemplates(environment: Environment, folder: string): Promise<void> {
  await writeTemplates(folder);
  await run(link(marlValley, 'manual'), environment);
  await run(['roster', 'publish', folder, '--district', marlValley.slug, '--method', 'manual'], environment);
}

/** What the command printed. @param expected some of the demo's people cannot get in, and a pre-flight says so with 1 */
async function run(
  words: readonly string[],
  environment: Environment,
  expected: 0 | 1 = 0,
): Promise<readonly string[]> {
  const printed: string[] = [];
  const stream = { write: (text: string) => printed.push(text) };
  const surroundings = {
    environment: { SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d', ...environment },
    layers: [],
    version: '1.2.3',
    stdout: stream,
    stderr: stream,
  };
  const serve = () => Promise.reject(new TypeError('no server is started here'));
  const exitCode = await runCommand(words, surroundings, serve);
  if (exitCode !== expected) {
    throw new Error(`sso-bridge ${words.slice(0, 2).join(' ')} ended with ${exitCode}:\n${printed.join('')}`);
  }
  return printed.join('').split('\n').filter(Boolean);
}
