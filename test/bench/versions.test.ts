// Which versions a figure belongs to.
import { packageVersions, programVersion } from '../../bench/sign-in/versions.ts';

it('packages are named with the version that is installed, and those that are not there are left out', () => {
  const [express, ...others] = packageVersions(['express', 'no-such-package']);
  expect(express).toMatch(/^express 5\.\d+\.\d+$/);
  expect(others).toEqual([]);
});

it.each([
  [[process.execPath, '--version'], [`Node ${process.versions.node}`]],
  [[process.execPath, '--eval', ''], []],
  [['no-such-program'], []],
])('the version of %j is listed, or none', (words, version) => {
  expect(programVersion('Node', words, /v([\d.]+)/)).toEqual(version);
});
