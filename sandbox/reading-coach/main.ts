// The second product as a process of its own, set up by the environment. Prints one line of JSON when it answers.
import { endOnSignal } from '../listen.ts';
import { startReadingCoach } from './start-reading-coach.ts';

const { PORT, BRIDGE_URL, CLIENT_ID, CLIENT_SECRET } = process.env;
if (!PORT || !BRIDGE_URL || !CLIENT_ID || !CLIENT_SECRET)
  throw new Error('PORT, BRIDGE_URL, CLIENT_ID and CLIENT_SECRET must be set');

const coach = await startReadingCoach({
  port: Number(PORT),
  issuer: BRIDGE_URL,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
});
process.stdout.write(`${JSON.stringify({ url: coach.url })}\n`);
endOnSignal(coach.close);
