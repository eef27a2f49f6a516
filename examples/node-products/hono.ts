// A product on Hono 4: answers with the claims of a live session, else 401, or 503 while the bridge cannot be
// asked.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createVerifier, requireHonoSession, sessionOf } from 'summit-k12-sso-verifier';
import { listenOn, options } from './options.js';

const app = new Hono();
app.use(requireHonoSession(createVerifier(options)));
app.get('/', (context) => context.json(sessionOf(context)));

serve({ fetch: app.fetch, port: listenOn[0], hostname: listenOn[1] }, (address) =>
  console.log(JSON.stringify(address)),
);
