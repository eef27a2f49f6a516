// The production packages: the bill of materials and the list of licences have all of them, and every licence is allowed.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

async function lockedForProduction(): Promise<string[]> {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, link }]) => path.startsWith('node_modules/') && dev !== true && link !== true)
    .map(([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`);
}

describe('the packages of production', () => {
  it('have allowed licences and are listed in docs/licences.md as they are locked', async () => {
    await expect(run('node', ['scripts/list-licences.js', '--check'])).resolves.toMatchObject({ stderr: '' });
  });

  it('are in the bill of materials with version and licence, all of them and no other', async () => {
    const program = "import('./scripts/read-sbom.js').then(({ readSbom }) => console.log(JSON.stringify(readSbom())))";
    const { stdout } = await run('node', ['-e', program], { maxBuffer: 64 * 1024 * 1024 });
    const { components, bomFormat, metadata } = JSON.parse(stdout);
    const listed = components.map(({ name, version }: { name: string; version: string }) => `${name}@${version}`);
    // One version may be locked in several folders.
    expect(listed.sort()).toEqual([...new Set(await lockedForProduction())].sort());
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

  it('have the same versions in the workspace bench/, which adds none of its own to production', async () => {
    const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    const bench = JSON.parse(await readFile('bench/package.json', 'utf8'));
    expect({ ...dependencies, ...devDependencies }).toMatchObject(bench.devDependencies);
    expect(bench.dependencies).toBeUndefined();
  });
});

describe('an install', () => {
  it('denies by name each package that would run a script', async () => {
    const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
    const { allowScripts } = JSON.parse(await readFile('package.json', 'utf8'));
    const wanting = Object.entries<{ hasInstallScript?: boolean }>(packages).filter(([, one]) => one.hasInstallScript);
    const names = wanting.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
    expect(allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
  });

  it.each([
    ['runs no script of a package', true, false],
    ['would run it without our .npmrc', false, true],
  ])('%s', async (_, hasOurs, isRun) => {
    const folder = await mkdtemp(join(tmpdir(), 'sso-install-'));
    try {
      if (hasOurs) await copyFile('.npmrc', join(folder, '.npmrc'));
      await mkdir(join(folder, 'planted'));
      const manifest = { name: 'planted', version: '1.0.0', scripts: { install: 'touch ran' } };
      await writeFile(join(folder, 'planted', 'package.json'), JSON.stringify(manifest));
      const own = { name: 'own', version: '1.0.0', dependencies: { planted: 'file:planted' } };
      await writeFile(join(folder, 'package.json'), JSON.stringify(own));
      const isAllowed = hasOurs ? [] : ['--ignore-scripts=false', '--dangerously-allow-all-scripts'];
      await run('npm', ['install', '--offline', '--no-audit', ...isAllowed], { cwd: folder });
      expect((await readdir(join(folder, 'planted'))).includes('ran')).toBe(isRun);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
