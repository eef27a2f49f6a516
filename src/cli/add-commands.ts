// Adds the commands to the program. The file that declares a command is loaded on demand: loading takes most of a
// command's time.
import type { Command } from 'commander';
import { commandList } from './command-list.ts';
import type { Run } from './run.ts';

type Add = (program: Command, run: Run) => void;

const readCommands = async () => (await import('./read-commands.ts')).addReadCommands;
const supportCommands = async () => (await import('./support-commands.ts')).addSupportCommands;

/** The file that declares the command; some declare several. */
const files: Readonly<Record<Exclude<keyof typeof commandList, 'serve'>, () => Promise<Add>>> = {
  district: async () => (await import('./district-commands.ts')).addDistrictCommands,
  roster: async () => (await import('./roster-commands.ts')).addRosterCommands,
  sync: async () => (await import('./sync-command.ts')).addSyncCommand,
  clever: async () => (await import('./clever-check-command.ts')).addCleverCommands,
  preflight: async () => (await import('./preflight-command.ts')).addPreflightCommand,
  attempts: readCommands,
  person: readCommands,
  trail: readCommands,
  link: supportCommands,
  attempt: supportCommands,
  session: supportCommands,
  keys: async () => (await import('./keys-commands.ts')).addKeysCommands,
  credential: async () => (await import('./credential-commands.ts')).addCredentialCommands,
  client: async () => (await import('./client-commands.ts')).addClientCommands,
  store: async () => (await import('./store-commands.ts')).addStoreCommands,
};

/**
 * Adds the command that the words name; every command for shell completion. The others have only their line in the
 * list.
 */
export async function addCommands(program: Command, run: Run, words: readonly string[]): Promise<void> {
  const [first, second] = words.filter((word) => !word.startsWith('-'));
  const wanted = first === 'help' ? second : first;
  const names = Object.keys(files) as (keyof typeof files)[];
  const isForShell = wanted === 'completion' || wanted === 'complete';
  for (const name of names) {
    const isThere = program.commands.some((command) => command.name() === name);
    if (isThere || !(isForShell || name === wanted)) continue;
    const add = await files[name]();
    add(program, run);
  }
  for (const name of names)
    if (!program.commands.some((command) => command.name() === name))
      program.command(name).description(commandList[name]);
}
