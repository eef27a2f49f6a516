// The direction of dependencies, seen to hold: each violation is planted in a copy of the house and the linter names it.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const violations = [
  ['src/identity/planted.ts', '../sign-in/outcome.ts'],
  ['src/identity/planted.ts', '../store/vault.ts'],
  ['src/identity/planted.ts', 'node:crypto'],
  ['src/identity/planted.ts', 'zod'],
  ['src/sign-in/planted.ts', '../clever/clever-identity-provider.ts'],
  ['src/sign-in/planted.ts', '../http/problems.ts'],
  ['src/sign-in/planted.ts', '../store/embedded-store.ts'],
  ['src/sign-in/planted.ts', 'oauth4webapi'],
  ['src/sign-in/planted.ts', 'openid-client'],
  ['src/roster/planted.ts', '../ops/log.ts'],
  ['src/roster/formats/planted.ts', '../../store/redis-store.ts'],
  ['src/roster/formats/planted.ts', 'lmdb'],
  ['src/session/planted.ts', 'ioredis'],
  ['src/session/planted.ts', '../config.ts'],
  ['src/verifier/planted.ts', '../session/session-token.ts'],
  ['src/verifier/planted.ts', 'zod'],
  ['src/support/planted.ts', 'express'],
  ['src/support/planted.ts', '../wire.ts'],
  ['src/clever/planted.ts', '../store/store.ts'],
  ['src/clever/planted.ts', '../http/app.ts'],
  ['src/staff/planted.ts', '../clever/clever-identity-provider.ts'],
  ['src/staff/planted.ts', '../store/store.ts'],
  ['src/support/planted.ts', '../staff/openid-staff-provider.ts'],
  ['src/store/planted.ts', '../http/app.ts'],
  ['src/store/planted.ts', 'lmdb'],
  ['src/store/embedded-planted.ts', 'ioredis'],
  ['src/store/redis-planted.ts', 'lmdb'],
  ['src/http/planted.ts', '../store/store.ts'],
  ['src/http/sign-in/planted.ts', '../../store/vault.ts'],
  ['src/http/planted.ts', '../clever/event.ts'],
  ['src/ops/planted.ts', '../http/app.ts'],
  ['src/ops/planted.ts', '../main.ts'],
  ['src/cli/planted.ts', 'openid-client'],
  ['src/planted.ts', 'undici'],
  ['src/planted.ts', 'node:process'],
] as const;

const legal = [
  ['src/identity/planted.ts', './email.ts'],
  ['src/identity/planted.ts', 'unhomoglyph'],
  ['src/sign-in/planted.ts', '../identity/email.ts'],
  ['src/sign-in/planted.ts', '../session/live-session.ts'],
  ['src/sign-in/planted.ts', '../store/store.ts'],
  ['src/roster/planted.ts', '../store/vault.ts'],
  ['src/roster/formats/planted.ts', '../../identity/email.ts'],
  ['src/verifier/planted.ts', 'jose'],
  ['src/verifier/planted.ts', './create-verifier.ts'],
  ['src/clever/planted.ts', 'oauth4webapi'],
  ['src/clever/planted.ts', '../sign-in/ports.ts'],
  ['src/staff/planted.ts', 'openid-client'],
  ['src/store/embedded-planted.ts', 'lmdb'],
  ['src/store/redis-planted.ts', 'ioredis'],
  ['src/http/sign-in/planted.ts', 'express'],
  ['src/http/planted.ts', '../sign-in/outcome.ts'],
  ['src/ops/planted.ts', 'express'],
  ['src/planted.ts', './clever/clever-identity-provider.ts'],
] as const;

const faults = [
  ['src/http/planted.ts', 'export const port = process.env["PORT"];', 'noProcessEnv'],
  ['src/roster/planted.ts', 'process.exit(1);', 'noRestrictedGlobals'],
  ['src/sign-in/planted.ts', 'const late = async () => 1;\nlate();', 'noFloatingPromises'],
] as const;

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

let house: string;
let report: Report;

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'sso-architecture-'));
  await writeFile(join(house, 'biome.json'), (await readFile('biome.json', 'utf8')).replace(/"\$schema": .*/, ''));
  const imports = [...violations, ...legal].map(([file, module]) => [file, `import '${module}';`] as const);
  for (const [file, text] of [...imports, ...faults]) {
    const path = join(house, plantOf(file, text));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${text}\n`);
  }
  report = await lint(house);
}, 60_000);

afterAll(() => rm(house, { recursive: true, force: true }));

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
