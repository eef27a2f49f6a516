// The stand-in product and the Python example against a live bridge: a real sign-in, an ending, every forgery.
import { createServer } from 'node:http';
import { close, listen } from '../../sandbox/listen.ts';
import { type Product, startProduct } from '../../sandbox/product/start-product.ts';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import { until } from '../helpers/bridge-process.ts';
import {
  type Credential,
  createProductCredential,
  endSession,
  type ProductProcess,
  productSettings,
  signInToken,
  startProductProcess,
} from '../helpers/product-process.ts';

let fixture: Fixture;
let credential: Credential;
const started: ProductProcess[] = [];

beforeAll(async () => {
  fixture = await startFixture({ engine: 'embedded' });
  credential = await createProductCredential(fixture, 'examples');
}, 300_000);
afterAll(async () => {
  for (const { close } of started) await close();
  await fixture.stop();
});

const startNode = (): Promise<Product> =>
  startProduct({ bridgeUrl: fixture.publicUrl, audience: fixture.productUrl, credential });

const startPython = (env: Readonly<Record<string, string>> = {}): Promise<ProductProcess> =>
  startProductProcess(['/usr/bin/python3', 'examples/python-product/product.py'], {
    ...productSettings(fixture, credential),
    ...env,
  });

describe.each([
  ['the stand-in product', startNode],
  ['the Python example', () => startPython()],
])('%s', (_name, start) => {
  let url: string;

  beforeAll(async () => {
    const product = await start();
    started.push(product);
    ({ url } = product);
  });

  const visit = async (token?: string) => {
    const answer = await fetch(url, token === undefined ? {} : { headers: { cookie: `summit_session=${token}` } });
    return { status: answer.status, page: await answer.text() };
  };

  const signIn = (person: string) => signInToken(fixture, person);

  it('offers to log in to who has no session', async () => {
    const { status, page } = await visit();
    expect([status, page.includes(`${fixture.publicUrl}/login`)]).toEqual([401, true]);
  });

  it('greets a real user, and notices when the session is ended', async () => {
    const token = await signIn('teacher');
    const other = await signIn('student');
    expect((await visit(token)).page).toMatch(/teacher of juniper-flats/);
    await endSession(fixture, credential, token);
    await until(async () => (await visit(token)).status === 401, 'the product to see the ending');
    expect((await visit(other)).page).toMatch(/student of juniper-flats/);
  });

  it('greets by the cookie beside credentials of a proxy before it', async () => {
    const headers = { cookie: `summit_session=${await signIn('student')}`, authorization: 'Basic c3RhZ2luZzpwYXNz' };
    const answer = await fetch(url, { headers });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('student of juniper-flats')]);
  });

  it('believes neither of two session cookies', async () => {
    const [one, other] = [await signIn('teacher'), await signIn('student')];
    expect((await visit(`${one}; summit_session=${other}`)).status).toBe(401);
  });

  it('greets by the session that lives, beside one of an earlier scope that ended', async () => {
    const [one, other] = [await signIn('teacher'), await signIn('student')];
    const cookie = `__Host-summit_session=${one}; summit_session=${other}`;
    const open = async () => fetch(url, { headers: { cookie } });
    expect((await open()).status).toBe(401);
    const client = fixture.browser();
    await client.once(`${fixture.publicUrl}/logout`, { method: 'POST', headers: { cookie: `summit_session=${one}` } });
    await until(async () => (await open()).status === 200, 'the one that lives to be taken');
    expect(await (await open()).text()).toMatch(/student of juniper-flats/);
  });

  it('refuses every forged token of the kit, and cookies that hold two good ones or none', async () => {
    const kit = await fixture.command(
      ...['keys', 'vectors', '--issuer', fixture.publicUrl, '--audience', fixture.productUrl],
    );
    const vectors = [kit.json['vectors']].flat().map(Object);
    expect(vectors.length).toBeGreaterThan(20);
    for (const { name, token } of vectors.filter(({ expect: wanted }) => wanted === 'refuse'))
      expect([name, (await visit(token)).status]).toEqual([name, 401]);
    for (const { name, header } of [kit.json['cookies']]
      .flat()
      .map(Object)
      .filter((one) => one.expect === 'refuse'))
      expect([name, (await fetch(url, { headers: { cookie: header } })).status]).toEqual([name, 401]);
  });
});

it('the Python example takes the good tokens of the kit, with and without a position', async () => {
  const kit = await fixture.command(
    ...['keys', 'vectors', '--issuer', fixture.publicUrl, '--audience', fixture.productUrl],
  );
  const good = [kit.json['vectors']]
    .flat()
    .map(Object)
    .filter(({ expect: wanted }) => wanted === 'accept');
  const answers = good.map(async ({ token }) => {
    const answer = await fetch(started[1]?.url ?? '', { headers: { cookie: `summit_session=${token}` } });
    return [answer.status, await answer.text()];
  });
  expect(await Promise.all(answers)).toEqual([
    [200, expect.stringContaining('student of verifier-kit')],
    [200, expect.stringContaining('support teacher of verifier-kit')],
  ]);
  const cookies = [kit.json['cookies']].flat().map(Object);
  for (const { name, header } of cookies.filter(({ expect: wanted }) => wanted === 'accept')) {
    const { status } = await fetch(started[1]?.url ?? '', { headers: { cookie: header } });
    expect([name, status]).toEqual([name, 200]);
  }
});

/** A proxy that answers a question for the list of what ended only once it is let go. */
async function startHoldingProxy() {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const server = createServer((request, response) => {
    void (async () => {
      const address = new URL(request.url ?? '');
      if (address.pathname === '/session/revocations') await held;
      const { authorization } = request.headers;
      const answer = await fetch(address, authorization === undefined ? {} : { headers: { authorization } });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    })();
  });
  const url = `http://localhost:${await listen(server, 0)}`;
  return { url, letGo, close: () => close(server) };
}

it('the Python example waits for the list of what ended before it judges, and takes a bridge’s address with a slash', async () => {
  const proxy = await startHoldingProxy();
  const product = await startPython({ http_proxy: proxy.url, BRIDGE_URL: `${fixture.publicUrl}/` });
  try {
    const [ended, live] = [fixture.browser(), fixture.browser()];
    for (const client of [ended, live]) await client.open(fixture.launchAddress('student'));
    const visit = (token = '') => fetch(product.url, { headers: { cookie: `summit_session=${token}` } });
    const token = ended.cookie('summit_session') ?? '';
    await ended.once(`${fixture.publicUrl}/logout`, {
      method: 'POST',
      headers: { cookie: `summit_session=${token}` },
    });
    const answers = [visit(token), visit(live.cookie('summit_session'))];
    // Judged already by a product that does not wait.
    const first = await Promise.race([...answers, new Promise((resolve) => setTimeout(resolve, 500, 'none'))]);
    proxy.letGo();
    expect([first, ...(await Promise.all(answers)).map(({ status }) => status)]).toEqual(['none', 401, 200]);
  } finally {
    await product.close();
    await proxy.close();
  }
});

it('they see a compromised key withdrawn, and what it signed refused', async () => {
  const client = fixture.browser();
  await client.open(fixture.launchAddress('student'));
  const token = client.cookie('summit_session') ?? '';
  const { exitCode, json } = await fixture.command('keys', 'rotate', '--compromised');
  expect([exitCode, [json['sessions_ended']].flat()]).toEqual([0, expect.arrayContaining(['juniper-flats'])]);
  for (const { url } of started) {
    const visit = () => fetch(url, { headers: { cookie: `summit_session=${token}` } });
    await until(async () => (await visit()).status === 401, 'the product to see the ending');
  }
  const { keys } = Object(await (await fetch(`${fixture.publicUrl}/.well-known/jwks.json`)).json());
  expect([keys].flat().map(({ kid }) => kid)).toEqual([Object(json['key']).kid]);
});
