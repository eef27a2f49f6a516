// What runs in production besides our own code: all of it is told, in the bill of materials and the list of licences, and
// all of it may be used.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
}

async function lockedForProduction(): Promise<string[]> {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`);
}

describe('the packages of production', () => {
  it('have allowed licences and are listed in docs/licences.md as they are locked', async () => {
    await expect(run('node', ['scripts/list-licences.js', '--check'])).resolves.toMatchObject({ stderr: '' });
  });

  it('stand in the bill of materials with version and licence, all of them and no other', async () => {
    const program = "import('./scripts/read-sbom.js').then(({ readSbom }) => console.log(JSON.stringify(readSbom())))";
    const { stdout } = await run('node', ['-e', program], { maxBuffer: 64 * 1024 * 1024 });
    const { components, bomFormat, metadata } = JSON.parse(stdout);
    const told = components.map(({ name, version }: { name: string; version: string }) => `${name}@${version}`);
    expect(told.sort()).toEqual((await lockedForProduction()).sort());
    expect([bomFormat, metadata.component.name]).toEqual(['CycloneDX', 'summit-k12-sso-bridge']);
    expect(stdout).not.toMatch(/\.tgz/);
  });

  it('are pinned to one version each, with the hash of what was locked', async () => {
    const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
    const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
    for (const name of Object.keys(dependencies)) {
      expect(packages[`node_modules/${name}`].integrity).toMatch(/^sha512-/);
    }
  });
});
