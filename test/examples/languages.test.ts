// The verifiers in other languages, as programs beside a live bridge: real sign-ins, endings, a compromised key, every forged
// token and Cookie header. `LANGUAGES=php` also runs the one whose library is not in Debian: docs/verify-in-your-language.md.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decodeJwt } from 'jose';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import { root } from '../helpers/bridge-build.ts';
import { until } from '../helpers/bridge-process.ts';
import {
  type Credential,
  createProductCredential,
  endSession,
  makeKit,
  productSettings,
  signInToken,
} from '../helpers/product-process.ts';

interface Language {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What Go has compiled. */
const goCache = mkdtempSync(join(tmpdir(), 'sso-go-'));

const installed: Readonly<Record<string, Language>> = {
  ruby: { words: ['ruby', 'examples/languages/verify.rb'] },
  authlib: { words: ['/usr/bin/python3', 'examples/languages/verify_authlib.py'] },
  go: {
    words: ['go', 'run', 'examples/languages/verify.go'],
    // With the libraries of Debian's packages, which are no modules.
    env: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: goCache },
  },
};
const onRequest: Readonly<Record<string, Language>> = {
  php: {
    words: ['php', 'examples/languages/verify.php'],
    env: { PHP_AUTOLOAD: process.env['PHP_AUTOLOAD'] ?? 'vendor/autoload.php' },
  },
};
const asked = (process.env['LANGUAGES'] ?? '').split(',').filter((name) => name !== '');
const languages = [
  ...Object.entries(installed),
  ...asked.map((name) => {
    const language = onRequest[name];
    if (language === undefined) throw new TypeError(`LANGUAGES: ${name} is none of ${Object.keys(onRequest)}`);
    return [name, language] as const;
  }),
];

interface Headers {
  readonly authorization?: string;
  readonly cookie?: string;
}

interface Program {
  /** The claims, null for who is refused, `unknown` where the bridge could not be asked. */
  session(headers: Headers): Promise<unknown>;
  close(): Promise<unknown>;
}

/** One question is answered before the next one is asked. */
function startProgram({ words, env }: Language, settings: Readonly<Record<string, string>>): Program {
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...inheritedEnvironment(), ...settings, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  return {
    session(headers) {
      last = last.then(async () => {
        child.stdin.write(`${JSON.stringify(headers)}\n`);
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`${words.join(' ')} ended`);
        return JSON.parse(value);
      });
      return last;
    },
    close() {
      process.off('exit', abandon);
      // `go run` has a child, which ends with its input.
      child.stdin.end();
      return ended;
    },
  };
}

let fixture: Fixture;
let credential: Credential;
const programs = new Map<string, Program>();

beforeAll(async () => {
  fixture = await startFixture({ engine: 'embedded' });
  credential = await createProductCredential(fixture, 'languages');
  for (const [name, language] of languages)
    programs.set(name, startProgram(language, productSettings(fixture, credential)));
}, 300_000);
afterAll(async () => {
  for (const program of programs.values()) await program.close();
  await fixture.stop();
  rmSync(goCache, { recursive: true, force: true });
});

const toVerdict = (answer: unknown) => (answer !== null && typeof answer === 'object' ? 'accept' : answer);
const byCookie = (token: string): Headers => ({ cookie: `summit_session=${token}` });

describe.each(languages)('%s', (name, language) => {
  const session = (headers: Headers) => programs.get(name)?.session(headers);

  it('takes the good tokens of the kit with their claims, and refuses every forged one, by cookie and as bearer', async () => {
    const { vectors } = await makeKit(fixture);
    expect(vectors.length).toBeGreaterThan(20);
    for (const { name: vector, token, expect: wanted } of vectors)
      for (const headers of [byCookie(token), { authorization: `Bearer ${token}` }]) {
        const answer = await session(headers);
        expect([vector, answer]).toEqual([vector, wanted === 'accept' ? decodeJwt(token) : null]);
      }
  });

  it('takes the Cookie headers of the kit that hold one good token, and no others', async () => {
    for (const { name: vector, header, expect: wanted } of (await makeKit(fixture)).cookies) {
      const answer = toVerdict(await session({ cookie: header }));
      expect([vector, answer]).toEqual([vector, wanted === 'accept' ? 'accept' : null]);
    }
  });

  it('takes a bearer token before the cookies, and the cookies beside another scheme', async () => {
    const token = await signInToken(fixture, 'teacher');
    const beside = async (authorization: string) => toVerdict(await session({ ...byCookie(token), authorization }));
    expect(await beside('Basic c3RhZ2luZzpwYXNz')).toBe('accept');
    for (const bad of ['Bearer x', 'bearer', 'Bearer', 'Bearer a b', 'eyJ.a.b', 'Basic'])
      expect([bad, await beside(bad)]).toEqual([bad, null]);
    expect(await session({ authorization: 'Basic c3RhZ2luZzpwYXNz' })).toBeNull();
    expect(await session({})).toBeNull();
  });

  it('sees when a session ends, and not those of others', async () => {
    const [token, other] = [await signInToken(fixture, 'administrator'), await signInToken(fixture, 'student')];
    const claims = { district: 'juniper-flats', role: 'administrator', position: 'school_admin' };
    expect(await session(byCookie(token))).toMatchObject(claims);
    await endSession(fixture, credential, token);
    await until(async () => (await session(byCookie(token))) === null, `${name} to see the ending`);
    expect(await session(byCookie(other))).toMatchObject({ role: 'student' });
  });

  it('refuses all tokens while the bridge does not answer', async () => {
    const program = startProgram(language, {
      ...productSettings(fixture, credential),
      BRIDGE_URL: 'http://127.0.0.1:1',
    });
    try {
      expect(await program.session(byCookie(await signInToken(fixture, 'student')))).toBe('unknown');
    } finally {
      await program.close();
    }
  });

  it('refuses all tokens if it may not read the list of ended sessions', async () => {
    const settings = productSettings(fixture, { ...credential, secret: 'wrong' });
    const program = startProgram(language, settings);
    try {
      expect(await program.session(byCookie(await signInToken(fixture, 'student')))).toBe('unknown');
    } finally {
      await program.close();
    }
  });
});

it('all see a compromised key withdrawn: its tokens are refused, those of the next key accepted', async () => {
  const token = await signInToken(fixture, 'student');
  const verdicts = (given: string) =>
    Promise.all([...programs.values()].map(async (program) => toVerdict(await program.session(byCookie(given)))));
  expect(new Set(await verdicts(token))).toEqual(new Set(['accept']));
  expect((await fixture.command('keys', 'rotate', '--compromised')).exitCode).toBe(0);
  await until(async () => (await verdicts(token)).every((verdict) => verdict === null), 'all to refuse the old token');
  const next = await signInToken(fixture, 'student');
  await until(async () => (await verdicts(next)).every((verdict) => verdict === 'accept'), 'all to take the new token');
});
