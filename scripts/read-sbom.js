// The production packages of the bridge, as npm lists them from the lock (CycloneDX 1.5): every package with version,
// licence and hash, those for other platforms included. Needs no network and no installed packages.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
// Not with --omit dev: npm 11 then also leaves out what a development package needs as well, such as jose.
const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--workspaces=false'];

/**
 * @typedef {{ name: string, version: string, 'bom-ref': string, properties: { name: string }[],
 *   licenses?: { license?: { id?: string, name?: string }, expression?: string }[] }} Component
 * @returns {{ components: Component[], dependencies: { ref: string }[], metadata: { component: { name: string } } }}
 */
export function readSbom() {
  const sbom = JSON.parse(runNpm());
  const components = sbom.components.filter(
    ({ properties }) => !properties.some(({ name }) => name === 'cdx:npm:package:development'),
  );
  const refs = new Set([sbom.metadata.component['bom-ref'], ...components.map((each) => each['bom-ref'])]);
  const dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  // npm names the whole after the folder it lies in.
  sbom.metadata.component.name = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).name;
  return { ...sbom, components, dependencies };
}

function runNpm() {
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 };
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js')
    ? execFileSync(process.execPath, [npm, ...words], options)
    : execFileSync('npm', words, options);
}
