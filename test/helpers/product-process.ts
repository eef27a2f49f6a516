// A product as a process of its own that says where it listens by one line of JSON, and how it answers what a browser sends.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import type { Fixture } from './bridge.ts';
import { root } from './bridge-build.ts';

export interface ProductProcess {
  readonly url: string;
  close(): Promise<unknown>;
}

export interface Credential {
  readonly id: string;
  readonly secret: string;
}

export interface Kit {
  readonly vectors: readonly { readonly name: string; readonly token: string; readonly expect: 'accept' | 'refuse' }[];
  readonly cookies: readonly { readonly name: string; readonly header: string; readonly expect: 'accept' | 'refuse' }[];
}

/** What a product is configured with, by environment. */
export const productSettings = ({ publicUrl, productUrl }: Fixture, { id, secret }: Credential) => ({
  BRIDGE_URL: publicUrl,
  SESSION_AUDIENCE: productUrl,
  CREDENTIAL_ID: id,
  CREDENTIAL_SECRET: secret,
});

export async function createProductCredential(fixture: Fixture, name: string): Promise<Credential> {
  const { json } = await fixture.command('credential', 'create', '--scope', 'product', '--name', name);
  return { id: String(json['id']), secret: String(json['secret']) };
}

/** Good tokens, forged ones and Cookie headers, by the keys of the fixture's bridge. */
export async function makeKit(fixture: Fixture): Promise<Kit> {
  const words = ['--issuer', fixture.publicUrl, '--audience', fixture.productUrl];
  const { json } = await fixture.command('keys', 'vectors', ...words);
  return json as unknown as Kit;
}

/**
 * Ends with the test that started it, also when it fails.
 * @param words the program and its arguments
 * @throws Error when it ends before it says where it listens
 */
export async function startProductProcess(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string = root,
): Promise<ProductProcess> {
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    cwd,
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject).once('exit', () => reject(new Error(`${words.join(' ')} ended`)));
  });
  const { url, port } = Object(JSON.parse(line));
  return {
    url: url ?? `http://127.0.0.1:${port}`,
    async close() {
      process.off('exit', abandon);
      abandon();
      await ended;
    },
  };
}

/** What a product does with each of the kit: its tokens as cookie and as bearer, and its headers of cookies. */
export async function judgeKit(
  url: string,
  { vectors, cookies }: Kit,
): Promise<readonly (readonly [string, number])[]> {
  const asked: [string, Record<string, string>][] = [
    ...vectors.map(({ name, token }): [string, Record<string, string>] => [
      `${name}, as cookie`,
      { cookie: `summit_session=${token}` },
    ]),
    ...cookies.map(({ name, header }): [string, Record<string, string>] => [name, { cookie: header }]),
  ];
  const judged: (readonly [string, number])[] = [];
  for (const [name, headers] of asked) judged.push([name, (await fetch(url, { headers })).status]);
  return judged;
}

/** What it must do. */
export const rightAnswers = ({ vectors, cookies }: Kit): readonly (readonly [string, number])[] => [
  ...vectors.map(({ name, expect }) => [`${name}, as cookie`, expect === 'accept' ? 200 : 401] as const),
  ...cookies.map(({ name, expect }) => [name, expect === 'accept' ? 200 : 401] as const),
];

/** A click in the portal, up to the token of the session. */
export async function signInToken(fixture: Fixture, person: string): Promise<string> {
  const client = fixture.browser();
  await client.open(fixture.launchAddress(person));
  return client.cookie('summit_session') ?? '';
}

/** As the product does when a user signs out there (RFC 7009). */
export async function endSession(fixture: Fixture, { id, secret }: Credential, token: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ token });
  const { status } = await fetch(`${fixture.publicUrl}/oauth/revoke`, {
    method: 'POST',
    headers: { authorization },
    body,
  });
  if (status !== 200) throw new Error(`the session was not ended: ${status}`);
}
