// express-openid-connect with a Redis store for its sessions, as its EXAMPLES show.
import { RedisStore } from 'connect-redis';
import express from 'express';
import connect from 'express-openid-connect';
import { createClient } from 'redis';
import { BASE_URL, CLIENT_ID, CLIENT_SECRET, ISSUER, PORT, REDIS_URL, sayReady } from './settings.js';

const client = createClient({ url: REDIS_URL });
await client.connect();

const app = express();
app.use(
  connect.auth({
    issuerBaseURL: ISSUER,
    baseURL: BASE_URL,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    clientAuthMethod: 'client_secret_basic',
    secret: 'only for this bench, 32 characters long',
    idTokenSigningAlg: 'RS256',
    authorizationParams: { response_type: 'code', scope: 'openid profile email' },
    authRequired: false,
    enableTelemetry: false,
    session: { store: new RedisStore({ client, prefix: 'express-openid-connect:' }) },
  }),
);
app.get('/me', (request, response) => void response.sendStatus(request.oidc.isAuthenticated() ? 200 : 401));
app.use((_failure, _request, response, _next) => void response.sendStatus(500));
app.listen(PORT, '127.0.0.1', sayReady);
