// A product on Express 4 or 5: answers with the claims of a live session, else 401, or 503 while the bridge
// cannot be asked.
import express from 'express';
import { createVerifier, requireSession, sessionOf } from 'summit-k12-sso-verifier';
import { listenOn, options } from './options.js';

const app = express();
app.use(requireSession(createVerifier(options)));
app.get('/', (request, response) => void response.json(sessionOf(request)));

const server = app.listen(...listenOn, () => console.log(JSON.stringify(server.address())));
