// The program of a person's own machine: `BRIDGE_URL=… CLIENT_ID=… node dist/sandbox/desktop-app/main.js`. Prints the address to open,
// and then who signed in, each as one line of JSON.
import { signInHere } from './sign-in-here.ts';

const { BRIDGE_URL, CLIENT_ID } = process.env;
if (!BRIDGE_URL || !CLIENT_ID) throw new Error('BRIDGE_URL and CLIENT_ID must be set');

const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const claims = await signInHere({
  issuer: BRIDGE_URL,
  clientId: CLIENT_ID,
  // A real one opens the system's browser.
  openBrowser: (address) => print({ open: address }),
});
print({ sub: claims.sub, role: claims['role'], district: claims['district'] });
