// Express 5 and nothing else: one route that answers a redirect as long as the bridge's. CLASSES=on makes requests and
// responses of the bridge's own classes. PORT in the environment.
import { createServer } from 'node:http';
import express from 'express';
import { messageClassesOf } from '../../src/http/kit/app-server.ts';

const { PORT, CLASSES } = process.env;
const app = express();
const location = `https://clever.com/oauth/authorize?${'state'.padEnd(700, '-')}`;
app.get('/login', (_request, response) => response.redirect(302, location));
createServer(CLASSES === 'on' ? messageClassesOf(app) : {}, app).listen(Number(PORT), '127.0.0.1');
