// Which library is imported where, held by biome.json: each violation is planted in a folder of its own and the linter names
// it. The order of the folders is levels.test.ts.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const violations = [
  ['src/identity/planted.ts', 'node:crypto'],
  ['src/identity/planted.ts', 'zod'],
  ['src/identity/planted.ts', '../store/vault.ts'],
  ['src/verifier/planted.ts', 'zod'],
  ['src/verifier/planted.ts', '../session/session-token.ts'],
  ['src/sign-in/planted.ts', 'oauth4webapi'],
  ['src/sign-in/planted.ts', 'openid-client'],
  ['src/formats/csv/planted.ts', 'lmdb'],
  ['src/session/planted.ts', 'ioredis'],
  ['src/support/planted.ts', 'express'],
  ['src/roster/planted.ts', 'preact'],
  ['src/clever/planted.ts', 'express'],
  ['src/staff/planted.ts', 'lmdb'],
  ['src/store/planted.ts', 'lmdb'],
  ['src/store/lmdb/planted.ts', 'ioredis'],
  ['src/store/redis/planted.ts', 'lmdb'],
  ['src/http/planted.ts', 'undici'],
  ['src/http/oidc/planted.ts', 'oidc-provider'],
  ['src/session/planted.ts', 'oidc-provider'],
  ['src/oidc/planted.ts', 'express'],
  ['src/ops/planted.ts', 'ioredis'],
  ['src/compose/planted.ts', '@opentelemetry/api'],
  ['src/http/planted.ts', '@opentelemetry/sdk-trace-base'],
  ['src/cli/planted.ts', 'openid-client'],
  ['src/compose/planted.ts', 'ioredis'],
  ['src/planted.ts', 'undici'],
  ['src/planted.ts', 'node:process'],
] as const;

const legal = [
  ['src/identity/planted.ts', './email.ts'],
  ['src/identity/planted.ts', 'unhomoglyph'],
  ['src/verifier/planted.ts', 'jose'],
  ['src/verifier/planted.ts', './create-verifier.ts'],
  ['src/clever/planted.ts', 'oauth4webapi'],
  ['src/staff/planted.ts', 'openid-client'],
  ['src/oidc/planted.ts', 'oidc-provider'],
  ['src/store/lmdb/planted.ts', 'lmdb'],
  ['src/store/redis/planted.ts', 'ioredis'],
  ['src/store/backup/redis-planted.ts', 'ioredis'],
  ['src/http/sign-in/planted.ts', 'express'],
  ['src/ops/planted.ts', 'express'],
  ['src/ops/planted.ts', '@opentelemetry/api'],
  ['src/cli/planted.ts', 'commander'],
  ['src/roster/planted.ts', '../store/vault.ts'],
] as const;

const faults = [
  ['src/http/planted.ts', 'export const port = process.env["PORT"];', 'noProcessEnv'],
  ['src/roster/planted.ts', 'process.exit(1);', 'noRestrictedGlobals'],
  ['src/sign-in/planted.ts', 'const late = async () => 1;\nlate();', 'noFloatingPromises'],
] as const;

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

let planted: string;
let report: Report;

beforeAll(async () => {
  planted = await mkdtemp(join(tmpdir(), 'sso-architecture-'));
  await writeFile(join(planted, 'biome.json'), (await readFile('biome.json', 'utf8')).replace(/"\$schema": .*/, ''));
  const imports = [...violations, ...legal].map(([file, module]) => [file, `import '${module}';`] as const);
  for (const [file, text] of [...imports, ...faults]) {
    const path = join(planted, plantOf(file, text));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${text}\n`);
  }
  report = await lint(planted);
}, 300_000);

afterAll(() => rm(planted, { recursive: true, force: true }));

/** Many plants share a folder: the text makes the name one of its own. */
const plantOf = (file: string, text: string): string => file.replace('.ts', `-${text.replace(/\W+/g, '-')}.ts`);

const lint = (folder: string): Promise<Report> =>
  new Promise((resolve, reject) => {
    const biome = join(process.cwd(), 'node_modules', '.bin', 'biome');
    const words = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
    execFile(biome, words, { cwd: folder, maxBuffer: 16_777_216 }, (failure, stdout) =>
      stdout === '' ? reject(failure) : resolve(JSON.parse(stdout)),
    );
  });

const rulesBrokenBy = (file: string, text: string): string[] =>
  report.diagnostics
    .filter(({ location }) => location.path === plantOf(file, text))
    .map(({ category }) => category.split('/').at(-1) ?? category);

describe('the linter', () => {
  it.each(violations)('refuses in %s an import of %s', (file, module) => {
    expect(rulesBrokenBy(file, `import '${module}';`)).toEqual(['noRestrictedImports']);
  });

  it.each(legal)('allows in %s an import of %s', (file, module) => {
    expect(rulesBrokenBy(file, `import '${module}';`)).toEqual([]);
  });

  it.each(faults)('refuses in %s: %s', (file, text, rule) => {
    expect(rulesBrokenBy(file, text)).toContain(rule);
  });
});
