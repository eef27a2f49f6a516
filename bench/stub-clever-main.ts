// The stub of Clever as a process of its own: PORT, CLIENT_ID, CLIENT_SECRET, and SECRET_IN_FORM=on, in the environment.
// Prints one line of JSON when it answers.
import { endOnSignal } from '../sandbox/listen.ts';
import { startStubClever } from './stub-clever.ts';

const { PORT = '0', CLIENT_ID = 'stub-app', CLIENT_SECRET = 'stub-secret', SECRET_IN_FORM } = process.env;

const clever = await startStubClever({
  port: Number(PORT),
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  takesSecretInForm: SECRET_IN_FORM === 'on',
});
process.stdout.write(`${JSON.stringify({ url: clever.url })}\n`);
endOnSignal(clever.close);
