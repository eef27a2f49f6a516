// A request is made of the prototype that Express would give it, so that Express changes nothing.
import { createServer } from 'node:http';
import express from 'express';
import request from 'supertest';
import { messageClassesOf } from '../../../src/http/kit/message-classes.ts';

it('requests and responses have the prototypes of the app before Express sees them, and its methods', async () => {
  const app = express();
  const seen: unknown[] = [];
  app.get('/', (incoming, response) => {
    response.status(201).json({ type: incoming.get('accept') ?? null, app: incoming.app === app });
  });
  const server = createServer({ ...messageClassesOf(app) }, (incoming, response) => {
    seen.push(Object.getPrototypeOf(incoming) === app.request, Object.getPrototypeOf(response) === app.response);
    app(incoming, response);
  });
  const answer = await request(server).get('/').set('Accept', 'text/plain');
  expect(seen).toEqual([true, true]);
  expect([answer.status, answer.body]).toEqual([201, { type: 'text/plain', app: true }]);
});
