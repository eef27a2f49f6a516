// The stand-in product and the Python example, as products meet a live bridge: a real sign-in, an ending, every forgery.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Product, startProduct } from '../../sandbox/product/start-product.ts';
import { type House, startHouse } from '../support/bridge.ts';
import { root } from '../support/bridge-build.ts';
import { until } from '../support/bridge-process.ts';

interface Credential {
  readonly id: string;
  readonly secret: string;
}
interface Started {
  readonly url: string;
  close(): Promise<unknown>;
}

let house: House;
let credential: Credential;
const started: Started[] = [];

beforeAll(async () => {
  house = await startHouse({ engine: 'embedded' });
  const { json } = await house.command('credential', 'create', '--scope', 'product', '--name', 'examples');
  credential = { id: String(json['id']), secret: String(json['secret']) };
}, 60_000);
afterAll(async () => {
  for (const { close } of started) await close();
  await house.stop();
});

const startNode = (): Promise<Product> =>
  startProduct({ bridgeUrl: house.publicUrl, audience: house.productUrl, credential });

async function startPython(): Promise<Started> {
  const child = spawn('/usr/bin/python3', ['examples/python-product/product.py'], {
    cwd: root,
    env: {
      BRIDGE_URL: house.publicUrl,
      SESSION_AUDIENCE: house.productUrl,
      CREDENTIAL_ID: credential.id,
      CREDENTIAL_SECRET: credential.secret,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject).once('exit', () => reject(new Error('the Python product ended')));
  });
  return {
    url: Object(JSON.parse(line)).url,
    async close() {
      process.off('exit', abandon);
      abandon();
      await ended;
    },
  };
}

describe.each([
  ['the stand-in product', startNode],
  ['the Python example', startPython],
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

  async function signIn(person: string): Promise<string> {
    const client = house.browser();
    await client.open(house.launchAddress(person));
    return client.cookie('summit_session') ?? '';
  }

  it('offers to log in to who has no session', async () => {
    const { status, page } = await visit();
    expect([status, page.includes(`${house.publicUrl}/login`)]).toEqual([401, true]);
  });

  it('greets a real person, and sees it when somebody ends the session', async () => {
    const token = await signIn('teacher');
    const other = await signIn('student');
    expect((await visit(token)).page).toMatch(/teacher of juniper-flats/);
    const authorization = `Basic ${Buffer.from(`${credential.id}:${credential.secret}`).toString('base64')}`;
    const revoked = await fetch(`${house.publicUrl}/oauth/revoke`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ token }),
    });
    expect(revoked.status).toBe(200);
    await until(async () => (await visit(token)).status === 401, 'the product to see the ending', 6_000);
    expect((await visit(other)).page).toMatch(/student of juniper-flats/);
  });

  it('believes neither of two session cookies', async () => {
    const [one, other] = [await signIn('teacher'), await signIn('student')];
    expect((await visit(`${one}; summit_session=${other}`)).status).toBe(401);
  });

  it('refuses every forged token of the kit', async () => {
    const kit = await house.command(
      ...['keys', 'vectors', '--issuer', house.publicUrl, '--audience', house.productUrl],
    );
    const vectors = [kit.json['vectors']].flat().map(Object);
    expect(vectors.length).toBeGreaterThan(20);
    for (const { name, token } of vectors.filter(({ expect: wanted }) => wanted === 'refuse'))
      expect([name, (await visit(token)).status]).toEqual([name, 401]);
  });
});

it('the Python example takes the one good token of the kit', async () => {
  const kit = await house.command(...['keys', 'vectors', '--issuer', house.publicUrl, '--audience', house.productUrl]);
  const good = [kit.json['vectors']]
    .flat()
    .map(Object)
    .filter(({ expect: wanted }) => wanted === 'accept');
  expect(good).toHaveLength(1);
  const answer = await fetch(started[1]?.url ?? '', { headers: { cookie: `summit_session=${good[0]?.token}` } });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('student of verifier-kit')]);
});

it('they see a compromised key withdrawn, and what it signed refused', async () => {
  const client = house.browser();
  await client.open(house.launchAddress('student'));
  const token = client.cookie('summit_session') ?? '';
  const { exitCode, json } = await house.command('keys', 'rotate', '--compromised');
  expect([exitCode, [json['sessions_ended']].flat()]).toEqual([0, expect.arrayContaining(['juniper-flats'])]);
  for (const { url } of started) {
    const visit = () => fetch(url, { headers: { cookie: `summit_session=${token}` } });
    await until(async () => (await visit()).status === 401, 'the product to see the ending', 6_000);
  }
  const { keys } = Object(await (await fetch(`${house.publicUrl}/.well-known/jwks.json`)).json());
  expect([keys].flat().map(({ kid }) => kid)).toEqual([Object(json['key']).kid]);
});
