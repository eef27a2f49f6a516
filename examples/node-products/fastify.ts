// A product on Fastify 5: answers with the claims of a live session, else 401, or 503 while the bridge cannot be
// asked.
import fastify from 'fastify';
import { createVerifier, requireFastifySession, sessionOf } from 'summit-k12-sso-verifier';
import { listenOn, options } from './options.js';

const app = fastify();
app.addHook('onRequest', requireFastifySession(createVerifier(options)));
app.get('/', async (request) => sessionOf(request));

await app.listen({ port: listenOn[0], host: listenOn[1] });
console.log(JSON.stringify(app.server.address()));
