// The `sso-bridge` command: parses, calls the same use cases as HTTP, prints. Exit codes: 0 done, 1 refused or held
// with reasons, 2 wrong usage. The file that declares a command is loaded on demand: loading takes most of a command's
// time.
import { Command, CommanderError } from 'commander';
import { addHelp, commandList } from './cli/help.ts';
import { createOutput, type ExitCode, type Output, toPrintableLines } from './cli/output.ts';
import { createRun, type Run, type Surroundings } from './cli/run.ts';

type Serve = (output: Output) => Promise<ExitCode>;

/** @param words what follows the program's name */
export async function runCommand(
  words: readonly string[],
  surroundings: Surroundings,
  serve: Serve,
): Promise<ExitCode> {
  const run = createRun(surroundings);
  const program = createProgram().version(surroundings.version, '--version', 'print the version');
  program.command('serve').description(commandList.serve).action(run.withoutStore(serve));
  await addCommands(program, run, words);
  for (const command of withSubcommands(program)) prepare(command, surroundings);
  await addCompletion(program, words[0]);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return run.exitCode();
  } catch (failure) {
    if (!(failure instanceof CommanderError)) throw failure;
    if (failure.exitCode === 0) return 0;
    // Commander has already printed the error for people; a program reads standard output.
    const isJson = words.includes('--json');
    if (isJson) createOutput(surroundings, isJson).problem({ code: 'usage', detail: describeUsage(failure) });
    return 2;
  }
}

/** Shell completion. Its library is loaded on demand; the list of commands always contains it. */
async function addCompletion(program: Command, word: string | undefined): Promise<void> {
  if (word === 'completion' || word === 'complete') {
    const { default: completeCommands } = await import('@bomb.sh/tab/commander');
    completeCommands(program, { completionCommandName: 'completion' });
    program.commands.filter((command) => command.name() === 'completion').forEach(addHelp);
  } else
    program
      .command('completion <shell>')
      .description('print a script by which zsh, bash, fish or powershell completes commands');
}

const describeUsage = ({ code, message }: CommanderError): string =>
  code === 'commander.help' ? 'Say which command.' : message.replace(/^error: /, '');

const createProgram = () =>
  new Command('sso-bridge').description(
    'Signs people in to Summit K12 from the Clever portal, or says exactly what does not match.',
  );

const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];

/** Commander exits on its own unless configured not to; and every command takes --json. */
function prepare(command: Command, { stdout, stderr }: Surroundings): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(toPrintableLines(text)),
    })
    .option('--json', 'print one JSON document');
  addHelp(command);
}

type Add = (program: Command, run: Run) => void;

const readCommands = async () => (await import('./cli/read-commands.ts')).addReadCommands;
const supportCommands = async () => (await import('./cli/support-commands.ts')).addSupportCommands;

/** The file that declares the command; some declare several. */
const files: Readonly<Record<Exclude<keyof typeof commandList, 'serve'>, () => Promise<Add>>> = {
  district: async () => (await import('./cli/district-commands.ts')).addDistrictCommands,
  roster: async () => (await import('./cli/roster-commands.ts')).addRosterCommands,
  sync: async () => (await import('./cli/sync-command.ts')).addSyncCommand,
  clever: async () => (await import('./cli/clever-check-command.ts')).addCleverCommands,
  preflight: async () => (await import('./cli/preflight-command.ts')).addPreflightCommand,
  attempts: readCommands,
  person: readCommands,
  trail: readCommands,
  link: supportCommands,
  attempt: supportCommands,
  session: supportCommands,
  keys: async () => (await import('./cli/keys-commands.ts')).addKeysCommands,
  credential: async () => (await import('./cli/credential-commands.ts')).addCredentialCommands,
  client: async () => (await import('./cli/client-commands.ts')).addClientCommands,
  store: async () => (await import('./cli/store-commands.ts')).addStoreCommands,
};

/**
 * Adds the command that the words name; every command for shell completion. The others have only their line in the
 * list.
 */
async function addCommands(program: Command, run: Run, words: readonly string[]): Promise<void> {
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
