// The stand-in for the staff's OpenID provider as a process of its own, set up by the environment. Prints one line of JSON
// when it answers.
import { endOnSignal, readCertificate } from '../listen.ts';
import { startStaffProvider } from './start-staff-provider.ts';

const env = process.env;

function need(name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const provider = await startStaffProvider({
  port: Number(env['PORT'] ?? 0),
  certificate: readCertificate(env),
  clientId: need('STAFF_CLIENT_ID'),
  clientSecret: need('STAFF_CLIENT_SECRET'),
  redirectUri: need('STAFF_REDIRECT_URI'),
});
process.stdout.write(`${JSON.stringify({ url: provider.url })}\n`);
endOnSignal(provider.close);
