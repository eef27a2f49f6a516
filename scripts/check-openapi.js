// Checks openapi.yaml with other tools: Stoplight's rules, and the client that openapi-typescript generates, type-checked
// with a call of each kind. Both need another TypeScript or Node, so they are no packages of the repository.
// Usage: node scripts/check-openapi.js FOLDER, into which they were installed with npm.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('Say where the tools were installed.');
const tool = (name) => resolve(folder, 'node_modules/.bin', name);
const run = (name, ...words) => execFileSync(tool(name), words, { stdio: 'inherit' });

run('spectral', 'lint', 'openapi.yaml', '--fail-severity=error');

const client = join(folder, 'client');
mkdirSync(client, { recursive: true });
run('openapi-typescript', 'openapi.yaml', '--output', join(client, 'bridge.ts'));
writeFileSync(
  join(client, 'product.ts'),
  `import createClient from 'openapi-fetch';
import type { paths } from './bridge';

const bridge = createClient<paths>({ baseUrl: 'https://sso.example.org' });

export async function whoIs(token: string): Promise<string | undefined> {
  const { data } = await bridge.GET('/session', { headers: { Authorization: \`Bearer \${token}\` } });
  return data?.account.id;
}

export async function rosteringOf(district: string): Promise<readonly string[] | undefined> {
  const { data } = await bridge.GET('/districts/{id}', { params: { path: { id: district } } });
  return data?.rostering;
}
`,
);
const compilerOptions = {
  noEmit: true,
  strict: true,
  target: 'es2022',
  module: 'es2022',
  moduleResolution: 'bundler',
  // None of the repository's own.
  types: [],
};
writeFileSync(join(client, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['product.ts'] }));
run('tsc', '--project', client);
