// The first block of commands in docs/operating.md: each line works, once and in order, on a store that is made at first use.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/cli.ts';
import { readLayers } from '../../src/config/gather-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'sso-documented-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [block = ''] = /(?<=```sh\n)sso-bridge district put(.|\n)*?(?=```)/.exec(
  readFileSync('docs/operating.md', 'utf8'),
) ?? [''];
const lines = block
  .replace(/ +#.*/g, '')
  .split('\n')
  .filter((line) => line !== '');

/** The words of a line as a shell has them, where only double quotes are used. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].slice(1).map(([, quoted, plain = '']) => quoted ?? plain);

it('works line by line', async () => {
  expect(lines.length).toBeGreaterThan(18);
  const environment = { STORE_URL: `embedded:${join(folder, 'store')}` };
  for (const line of lines) {
    let printed = '';
    const stream = { write: (text: string) => (printed += text), isTTY: false };
    const exitCode = await runCommand(
      wordsOf(line.replace(/(?<= )var\//g, `${folder}/`)),
      { environment, layers: readLayers('.'), version: '1.2.3', stdout: stream, stderr: stream },
      async () => 2,
    );
    expect([line, exitCode, printed]).toEqual([line, 0, expect.anything()]);
  }
});
