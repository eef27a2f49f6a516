// The stand-in Clever as a process of its own, set up by the environment. Prints one line of JSON when it answers.
import { endOnSignal, readCertificate } from '../listen.ts';
import type { DataShape } from './made-data-district.ts';
import type { App } from './person.ts';
import type { AppSettings } from './provider-parts.ts';
import { startClever } from './start-clever.ts';

const env = process.env;

function need(name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** `redirectUris` is a comma list; the first is the primary one. */
function appFrom(prefix: string): AppSettings {
  return {
    clientId: need(`${prefix}_CLIENT_ID`),
    clientSecret: need(`${prefix}_CLIENT_SECRET`),
    redirectUris: need(`${prefix}_REDIRECT_URIS`).split(','),
  };
}

const apps: Partial<Record<App, AppSettings>> = { 'summit-k12': appFrom('SUMMIT_K12') };
if (env['SECURE_SYNC_CLIENT_ID']) apps['secure-sync'] = appFrom('SECURE_SYNC');

/** JSON of a DataShape: one more district at the Data API, for measurements. */
const shape = env['DATA_DISTRICT'];
const dataDistrict: { dataDistrict?: DataShape } = shape ? { dataDistrict: JSON.parse(shape) } : {};

const certificate = readCertificate(env);
const clever = await startClever({ port: Number(env['PORT'] ?? 0), certificate, apps, ...dataDistrict });
process.stdout.write(`${JSON.stringify({ url: clever.url })}\n`);
endOnSignal(clever.close);
