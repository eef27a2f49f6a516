// sso-bridge link, session, attempt …: actions of staff. read-commands.ts has what they read.

import { type Command, InvalidArgumentError } from 'commander';
import { isAccountId } from '../roster/account.ts';
import { commandList } from './command-list.ts';
import { addLinkMove } from './link-move-command.ts';
import type { Output } from './output.ts';
import { readReasonOption } from './read-reason-option.ts';
import { recordCommand } from './record-command.ts';
import { refuseAlone } from './refuse-alone.ts';
import type { Run } from './run.ts';

export function addSupportCommands(program: Command, run: Run): void {
  // Long because it lists each command with its options.
  const link = program.command('link').description(commandList.link);
  addLinkMove(link, run);
  link
    .command('release')
    .description('let the next matching sign-in make a new link')
    .requiredOption('--district <id>', 'the district')
    .requiredOption('--reason <text>', 'why; it is kept', readReasonOption)
    .option('--account <id>', 'one account', readAccountId)
    .option('--all', 'every account of the district, such as after a new student information system')
    .action(
      run.forDistrict('support', async ({ services, output, district }, { account, all, reason }) => {
        const wrong = readTarget(account, all, reason, output);
        if (wrong !== undefined) return wrong;
        const alone = refuseAlone({ services, output });
        if (alone !== undefined) return alone;
        const said = { by: 'command', reason };
        if (all) await services.releaseLinks.ofDistrict(district.id, said);
        else if (!(await services.releaseLinks.ofAccount(district.id, account, said))) {
          return output.problem({ code: 'not_linked', detail: 'This account is linked to no Clever id.' });
        }
        return output.result({ district: district.id, released: all ? 'all' : account }, [
          'Released, and the sessions ended. The next sign-in that matches makes a new link.',
        ]);
      }),
    );

  program
    .command('attempt')
    .description(commandList.attempt)
    .command('purge')
    .description('remove those of no known district, such as after a flood of made-up ones')
    .requiredOption('--reason <text>', 'why; it is kept', readReasonOption)
    .action(
      run.command('support', async ({ services, output }, _args, { reason }) => {
        if (reason.trim() === '') return output.problem({ code: 'usage', detail: 'Say why with --reason.' }, 2);
        const removed = await services.attempts.eraseOfNoDistrict();
        await recordCommand(services, 'attempts_purged', { removed }, reason);
        return output.result({ removed }, [`Removed: ${removed} attempts of no known district.`]);
      }),
    );

  program
    .command('session')
    .description(commandList.session)
    .command('end')
    .description('end every session that is open now; people may sign in again')
    .requiredOption('--district <id>', 'the district')
    .requiredOption('--reason <text>', 'why; it is kept', readReasonOption)
    .option('--account <id>', 'one account', readAccountId)
    .option('--all', 'all accounts of the district')
    .action(
      run.forDistrict('support', async ({ services, output, district }, { account, all, reason }) => {
        const wrong = readTarget(account, all, reason, output);
        if (wrong !== undefined) return wrong;
        if (!(await services.endSessionsBecause(district.id, account, { by: 'command', reason }))) {
          return output.problem({ code: 'account_unknown', detail: 'No account of the roster has this id.' });
        }
        return output.result({ district: district.id, ended: all ? 'all' : account }, ['Ended.']);
      }),
    );
}

/** Undefined if it is one account or all, with a reason; else the exit code after the error was printed. */
function readTarget(account: unknown, all: unknown, reason: unknown, output: Output): 1 | 2 | undefined {
  if ((account === undefined) === (all === undefined))
    return output.problem({ code: 'usage', detail: 'Say either --account ID or --all.' }, 2);
  if (String(reason).trim() === '') return output.problem({ code: 'usage', detail: 'Say why with --reason.' }, 2);
  return undefined;
}

export function readAccountId(text: string): string {
  if (isAccountId(text)) return text;
  throw new InvalidArgumentError('It must be an account id, as in 00000000-0000-8000-8000-000000000000.');
}
