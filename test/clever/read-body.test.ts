// Answers that come packed although nothing asked for it.
import { createServer, type Server } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createDataApi } from '../../src/clever/data-api.ts';
import { DataApiFailure } from '../../src/secure-sync/ports.ts';
import { type FakeClever, portOf, startFakeClever } from './support/fake-clever.ts';
import { exchange, openBench } from './support/sign-in.ts';

const packings: [string, (body: Buffer) => Buffer, string][] = [
  ['gzip', gzipSync, 'gzip'],
  ['gzip in its old name', gzipSync, 'X-GZip'],
  ['br', brotliCompressSync, 'br'],
  ['deflate', deflateSync, 'deflate'],
  ['deflate without its zlib frame', deflateRawSync, 'deflate'],
  ['deflate and gzip, one over the other', (body) => gzipSync(deflateSync(body)), 'deflate, gzip'],
  ['identity', (body) => body, 'identity'],
  ['nothing', (body) => body, ''],
];

describe('a sign-in', () => {
  let clever: FakeClever;
  beforeEach(async () => {
    clever = await startFakeClever();
  });
  afterEach(() => clever.close());

  async function exchangePacked(body: Buffer, encoding: string) {
    const { provider } = openBench(clever);
    clever.answer('token', (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body));
    const answer = await exchange(provider);
    await provider.close();
    return answer;
  }

  const goodAnswer = async () =>
    Buffer.from(JSON.stringify({ access_token: 'a', id_token: await clever.expect('NONCE-1') }));

  it.each(packings)('reads %s', async (_, pack, encoding) => {
    expect(await exchangePacked(pack(await goodAnswer()), encoding)).toMatchObject({ kind: 'verified' });
  });

  it('asks for identity', async () => {
    let asked: string | undefined;
    clever.answer('discovery', (request, response) => {
      asked = String(request.headers['accept-encoding']);
      response.writeHead(503).end();
    });
    const { provider } = openBench(clever);
    await exchange(provider);
    expect(asked).toBe('identity');
    await provider.close();
  });

  const spaces = Buffer.alloc(20 * 1024 * 1024, ' ');

  it.each(packings.slice(0, 6))('stops unpacking %s at the bound', async (_, pack, encoding) => {
    const refused = await exchangePacked(pack(spaces), encoding);
    expect(refused).toEqual({ kind: 'refused', code: 'clever_unavailable', reason: 'too-large' });
  });

  it.each([
    ['bytes that are not packed', 'gzip', async () => goodAnswer()],
    ['a packing cut short', 'gzip', async () => gzipSync(await goodAnswer()).subarray(0, 40)],
    ['a packing it does not know', 'zstd', async () => goodAnswer()],
    ['more layers than anybody needs', 'gzip, gzip, gzip, gzip', async () => goodAnswer()],
  ])('answers not-json for %s', async (_, encoding, makeBody) => {
    const refused = await exchangePacked(await makeBody(), encoding);
    expect(refused).toEqual({ kind: 'refused', code: 'clever_unavailable', reason: 'not-json' });
  });
});

describe('the Data API', () => {
  let server: Server;
  let url: URL;
  let pack: (body: Buffer) => Buffer;
  let encoding: string;
  let asked: string | undefined;
  const district = 'd'.repeat(24);
  const record = { data: { id: district, state: 'running' } };
  const tokens = { data: [{ access_token: 'TOKEN', owner: { type: 'district', id: district } }] };
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = String(request.headers['accept-encoding']);
      const body = Buffer.from(JSON.stringify(request.url?.startsWith('/oauth') ? tokens : record));
      response.writeHead(200, { 'content-encoding': encoding }).end(pack(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${portOf(server)}`);
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  async function readDistrict() {
    const patience = { retries: 0, firstPauseMs: 1, maxWaitMs: 1 };
    const api = createDataApi({ issuer: url, apiUrl: url, app: { clientId: 'a', clientSecret: 'b' }, patience });
    try {
      return await api.connect(district, new AbortController().signal).district();
    } catch (failure) {
      return failure instanceof DataApiFailure ? failure.reason : failure;
    } finally {
      await api.close();
    }
  }

  it.each(packings)('reads %s, having asked for identity', async (_, packing, name) => {
    [pack, encoding] = [packing, name];
    expect(await readDistrict()).toMatchObject({ id: district, state: 'running' });
    expect(asked).toBe('identity');
  });

  it('says not-json for what cannot be unpacked', async () => {
    [pack, encoding] = [(body) => body, 'br'];
    expect(await readDistrict()).toBe('not-json');
  });
});
