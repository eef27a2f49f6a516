// --help of every command, found as a person finds them, and completion by a shell.
import { jest } from '@jest/globals';
import { runCommand } from '../../src/cli.ts';

async function run(...words: readonly string[]) {
  let [out, err] = ['', ''];
  const printed = jest.spyOn(console, 'log').mockImplementation((text) => {
    out += `${text}\n`;
  });
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text), isTTY: false };
  try {
    const exit = await runCommand(
      words,
      { environment: {}, layers: [], version: '1.2.3', stdout, stderr },
      async () => 0,
    );
    return { exit, out, err };
  } finally {
    printed.mockRestore();
  }
}

/** The words of every command that does something, from the lists that --help prints. */
async function findCommands(words: readonly string[] = []): Promise<string[]> {
  const { out } = await run(...words, '--help');
  const listed = /\nCommands:\n([\s\S]*)$/.exec(out)?.[1];
  if (listed === undefined) return [words.join(' ')];
  const names = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  const found: string[] = [];
  // One after the other: Jest cannot load two files at once that need the same third.
  for (const name of names) found.push(...(await findCommands([...words, name])));
  return found;
}

const exampleOf = (help: string) => /\nExample:\n {2}(.+)\n/.exec(help)?.[1] ?? '';

it('every command has an example that has what the command requires', async () => {
  const commands = await findCommands();
  expect(commands).toEqual(
    expect.arrayContaining(['serve', 'district put', 'link move', 'store backup', 'completion']),
  );
  for (const command of commands) {
    const { out } = await run(...command.split(' '), '--help');
    const example = exampleOf(out);
    expect([command, example]).toEqual([command, expect.stringContaining(`sso-bridge ${command}`)]);
    const required = [...out.matchAll(/^ {2}(--[a-z-]+)(?:(?!\n {2}-)[\s\S])*\(required/gm)].map(
      ([, option = '']) => option,
    );
    for (const option of required) expect([command, example]).toEqual([command, expect.stringContaining(option)]);
    const [, positional] = /^Usage: .*?(<[a-z]+>)$/m.exec(out) ?? [];
    if (positional !== undefined) expect(example.split(' ').length).toBeGreaterThan(command.split(' ').length + 1);
  }
});

it('an option says whether it is required, its choices and its default', async () => {
  const { out } = await run('roster', 'publish', '--help');
  expect(out).toMatch(/--method <method> .*\(required; one of:\s+sftp, manual\)/);
  expect((await run('trail', '--help')).out).toMatch(/--limit <count> .*\(default: 50\)/);
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('has a script for %s that asks the command', async (shell) => {
    const { exit, out } = await run('completion', shell);
    expect(exit).toBe(0);
    expect(out).toMatch(/sso-bridge complete '?--/);
  });

  it('suggests commands, options and values', async () => {
    expect((await run('complete', '--', 'district', '')).out).toMatch(/^put\t.*\nlist\t/);
    expect((await run('complete', '--', 'roster', 'publish', '--met')).out).toMatch(/^--method\t/);
    expect((await run('complete', '--', 'roster', 'publish', '--method', '')).out).toMatch(/^sftp\t?\nmanual/);
  });

  it('knows no other shell', async () => {
    expect(await run('completion', 'tcsh')).toMatchObject({ exit: 2, err: expect.stringContaining('zsh, bash, fish') });
  });
});
