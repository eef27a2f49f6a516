import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { createBodyDeadline } from '../../../src/http/kit/read-body.ts';

it.each([
  ['lets go of a body that does not come', false],
  ['waits for one whose deadline was lifted', true],
])('%s', async (_what, isLifted) => {
  const deadline = createBodyDeadline(100);
  const app = express().use(deadline.start);
  app.post('/', (request, response) => {
    if (isLifted) deadline.lift(request);
    request.resume().once('end', () => void response.send('read'));
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const outcome = new Promise<string>((resolve) => {
    const sending = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': '2' } });
    sending.once('response', ({ statusCode }) => resolve(`answered ${statusCode}`));
    sending.once('error', () => resolve('cut'));
    sending.write('a');
    setTimeout(() => sending.end('b'), 400);
  });
  expect(await outcome).toBe(isLifted ? 'answered 200' : 'cut');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('keeps no process from stopping when a client leaves in the middle of a body that was answered early', async () => {
  const app = express().use(createBodyDeadline(60_000).start);
  app.post('/', (_request, response) => void response.status(401).send('no'));
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const waiting = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = waiting();
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  expect(waiting()).toBeLessThanOrEqual(before);
});
