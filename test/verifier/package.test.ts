// packages/verifier as a product gets it: packed, unpacked into a folder that has jose and nothing else, type-checked and run;
// and its hooks in the real Express, Fastify and Hono, over HTTP, beside a live bridge.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import { root } from '../helpers/bridge-build.ts';
import { until } from '../helpers/bridge-process.ts';
import {
  type Credential,
  createProductCredential,
  endSession,
  judgeKit,
  type Kit,
  makeKit,
  type ProductProcess,
  productSettings,
  rightAnswers,
  signInToken,
  startProductProcess,
} from '../helpers/product-process.ts';

const run = promisify(execFile);
const name = 'summit-k12-sso-verifier';
const most = 30_000;

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sso-verifier-'));
  await run('npm', ['run', '--silent', 'pack:verifier', '--', '--pack-destination', folder], { cwd: root });
  tarball = join(folder, String(readdirSync(folder).find((file) => file.endsWith('.tgz'))));
  for (const place of ['bare', 'products']) {
    const installed = join(folder, place, 'node_modules', name);
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
    writeFileSync(join(folder, place, 'package.json'), '{ "type": "module" }\n');
  }
  cpSync(join(root, 'node_modules', 'jose'), join(folder, 'bare', 'node_modules', 'jose'), { recursive: true });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With what TypeScript 7 recommends, and also the declarations of the package itself. */
const compile = (place: string, options: object, files: readonly string[]) => {
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    noUncheckedIndexedAccess: true,
    ...options,
  };
  writeFileSync(join(folder, place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  return run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.'], { cwd: join(folder, place) }).then(
    () => '',
    ({ stdout }) => String(stdout),
  );
};

describe('the package', () => {
  it('is small, and holds built modules with their types, README and licence, and no sources or tests', async () => {
    expect(statSync(tarball).size).toBeLessThan(most);
    const { stdout } = await run('tar', ['-tzf', tarball]);
    const files = stdout.trim().split('\n');
    const modules = readdirSync(join(root, 'src/verifier')).map((file) => `package/dist/${file.replace(/ts$/, 'js')}`);
    const types = modules.map((file) => file.replace(/js$/, 'd.ts'));
    const beside = ['package.json', 'README.md', 'LICENSE'].map((file) => `package/${file}`);
    expect(files.sort()).toEqual([...modules, ...types, ...beside].sort());
  });

  it('depends on jose alone, as the bridge does, and has its version and Node', async () => {
    const [own, bridge] = await Promise.all(
      ['packages/verifier/package.json', 'package.json'].map(async (file) => JSON.parse(await readFile(file, 'utf8'))),
    );
    expect(own.dependencies).toEqual({ jose: `^${bridge.dependencies.jose}` });
    expect([own.peerDependencies, own.devDependencies, own.optionalDependencies]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([own.version, own.engines]).toEqual([bridge.version, bridge.engines]);
    expect([own.type, own.sideEffects, own.exports['.'].types]).toEqual(['module', false, './dist/verifier.d.ts']);
  });

  it('is described in README: name, version, and everything it exports', async () => {
    const readme = await readFile('packages/verifier/README.md', 'utf8');
    const { version } = JSON.parse(await readFile('packages/verifier/package.json', 'utf8'));
    expect(readme).toContain(`${name}-${version}.tgz`);
    const { stdout } = await run(
      process.execPath,
      ['--input-type=module', '-e', `console.log(Object.keys(await import('${name}')).join(' '))`],
      { cwd: join(folder, 'bare') },
    );
    const exported = stdout.trim().split(' ');
    expect(exported).toHaveLength(7);
    expect(exported.filter((each) => !readme.includes(each))).toEqual([]);
  });

  it('runs beside jose alone, and loads nothing else', async () => {
    const program = `
      import { createVerifier, verifyRequest } from '${name}';
      const verifier = createVerifier({ issuer: 'http://127.0.0.1:1', audience: 'a' });
      const codes = [{}, { cookie: 'summit_session=nonsense' }, { authorization: 'Bearer a.b.c' }].map((headers) =>
        verifyRequest(verifier, headers).then((result) => result.code));
      console.log((await Promise.all(codes)).join(' '));`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program], {
      cwd: join(folder, 'bare'),
    });
    expect([stdout.trim(), stderr]).toEqual(['token_missing token_invalid token_invalid', '']);
  });

  const consumer = `
    import { answerRefusal, createVerifier, sessionOf, type VerifiedSession, verifyRequest } from '${name}';
    const verifier = createVerifier({ issuer: 'https://sso.example.org', audience: 'a', revocations: { id: 'i', secret: 's' } });
    export async function whoIs(headers: { authorization?: string; cookie?: string }): Promise<string> {
      const result = await verifyRequest(verifier, headers);
      if (result.kind === 'refused') return String(answerRefusal(result).status);
      const claims: VerifiedSession = result.claims;
      return claims.role === 'teacher' ? claims.sub : claims.district;
    }
    export const roleOf = (request: object): 'student' | 'teacher' | 'staff' | 'administrator' => sessionOf(request).role;
    verifier.close();
  `;

  it.each([
    ['nodenext', { module: 'nodenext' }],
    ['a bundler', { module: 'es2022', moduleResolution: 'bundler' }],
    ['exact optional properties', { exactOptionalPropertyTypes: true }],
  ])('has types that a product without any others compiles with: %s', async (_what, options) => {
    writeFileSync(join(folder, 'bare', 'consumer.ts'), consumer);
    const own = { noEmit: true, types: [], lib: ['es2023', 'dom'], ...options };
    expect(await compile('bare', own, ['consumer.ts'])).toBe('');
  });

  it('has types that refuse what is wrong', async () => {
    writeFileSync(join(folder, 'bare', 'wrong.ts'), consumer.replace("'teacher'", "'principal'"));
    const own = { noEmit: true, types: [], lib: ['es2023', 'dom'] };
    expect(await compile('bare', own, ['wrong.ts'])).toContain('no overlap');
  });
});

describe('its hooks', () => {
  const frameworks = ['express', 'fastify', 'hono'] as const;
  let fixture: Fixture;
  let credential: Credential;
  let kit: Kit;
  const products = new Map<string, ProductProcess>();

  const start = (framework: string, env: Readonly<Record<string, string>> = {}) =>
    startProductProcess([process.execPath, join(folder, 'products', `${framework}.js`)], {
      ...productSettings(fixture, credential),
      ...env,
    });

  beforeAll(async () => {
    const place = join(folder, 'products');
    for (const each of ['jose', 'express', 'fastify', 'hono', '@hono/node-server', '@types/express', '@types/node']) {
      const link = join(place, 'node_modules', each);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(root, 'node_modules', each), link);
    }
    const sources = readdirSync(join(root, 'examples/node-products'));
    for (const file of sources) cpSync(join(root, 'examples/node-products', file), join(place, file));
    // The declarations of frameworks are not checked, only how ours fit them.
    const errors = await compile('products', { skipLibCheck: true, types: ['node'] }, sources);
    if (errors !== '') throw new Error(errors);
    fixture = await startFixture({ engine: 'embedded' });
    credential = await createProductCredential(fixture, 'hooks');
    kit = await makeKit(fixture);
    for (const framework of frameworks) products.set(framework, await start(framework));
  }, 300_000);
  afterAll(async () => {
    for (const product of products.values()) await product.close();
    await fixture?.stop();
  });

  describe.each(frameworks)('in %s', (framework) => {
    const ask = (headers: Readonly<Record<string, string>> = {}) =>
      fetch(products.get(framework)?.url ?? '', { headers });

    it('take the good tokens and cookies of the kit, and refuse every forged one', async () => {
      expect(kit.vectors.length).toBeGreaterThan(20);
      expect(await judgeKit(products.get(framework)?.url ?? '', kit)).toEqual(rightAnswers(kit));
    });

    it('judge bearer tokens as cookies', async () => {
      for (const { name, token, expect: wanted } of kit.vectors) {
        const { status } = await ask({ authorization: `Bearer ${token}` });
        expect([name, status]).toEqual([name, wanted === 'accept' ? 200 : 401]);
      }
    });

    it('return the claims of the user, and refuse once the session ends', async () => {
      const [token, other] = [await signInToken(fixture, 'administrator'), await signInToken(fixture, 'student')];
      const seen = async (cookie: string) => {
        const answer = await ask({ cookie: `summit_session=${cookie}` });
        return [answer.status, await answer.json()];
      };
      const claims = { district: 'juniper-flats', role: 'administrator', position: 'school_admin' };
      expect(await seen(token)).toEqual([200, expect.objectContaining(claims)]);
      await endSession(fixture, credential, token);
      await until(async () => (await seen(token))[0] === 401, 'the product to see the ending');
      expect(await seen(token)).toEqual([401, { error: 'session_ended' }]);
      expect(await seen(other)).toEqual([200, expect.objectContaining({ role: 'student' })]);
    });

    it.each([
      ['nothing', {}, 'token_missing', 'Bearer realm="session"'],
      ['a bad token', { authorization: 'Bearer x' }, 'token_invalid', 'Bearer realm="session", error="invalid_token"'],
      [
        'Basic alone',
        { authorization: 'Basic eDp5' },
        'token_invalid',
        'Bearer realm="session", error="invalid_token"',
      ],
    ])('answer %s with a challenge', async (_what, headers, code, challenge) => {
      const answer = await ask(headers);
      expect([answer.status, await answer.json()]).toEqual([401, { error: code }]);
      const named = ['www-authenticate', 'content-type', 'cache-control'].map((each) => answer.headers.get(each));
      expect(named).toEqual([challenge, expect.stringMatching(/^application\/json/), 'no-store']);
    });

    it('take the cookie beside credentials of a proxy in front', async () => {
      const cookie = `summit_session=${await signInToken(fixture, 'teacher')}`;
      expect((await ask({ cookie, authorization: 'Basic c3RhZ2luZzpwYXNz' })).status).toBe(200);
    });

    it('answer 503 to a good token while the bridge cannot be asked', async () => {
      const cut = await start(framework, { BRIDGE_URL: 'http://127.0.0.1:1' });
      try {
        const [good] = kit.vectors;
        const answer = await fetch(cut.url, { headers: { authorization: `Bearer ${good?.token}` } });
        expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
          503,
          '5',
          { error: 'keys_unavailable' },
        ]);
      } finally {
        await cut.close();
      }
    });
  });
});
