// sso-bridge link, session, attempt …: actions of staff. read-commands.ts has what they read.

import { basename, dirname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { MapCount, MoveRefusal, RowCode } from '../admin/move-links.ts';
import { readIdMap } from '../formats/id-map.ts';
import { openRegularFile } from '../formats/roster-files.ts';
import { isAccountId } from '../roster/account.ts';
import { commandList } from './help.ts';
import type { ExitCode, Output } from './output.ts';
import { readReasonOption, recordCommand, refuseAlone } from './recorded-command.ts';
import type { Run } from './run.ts';

export function addSupportCommands(program: Command, run: Run): void {
  const link = program.command('link').description(commandList.link);
  addLinkMove(link, run);
  addRelease(link, run);
  addPurge(program, run);
  addEnd(program, run);
}

function addRelease(link: Command, run: Run): void {
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
}

function addPurge(program: Command, run: Run): void {
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
}

function addEnd(program: Command, run: Run): void {
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

const refusals = {
  account_unknown: 'No roster of the district has the new id. Publish the roster first.',
  not_linked: 'The former account has no link, so there is nothing to move: the next sign-in makes a link.',
  elsewhere: 'The person of the former account is linked to a third account by now.',
  target_linked: 'The new account is linked to another person already. Look at both before you release one of them.',
  id_of_several: 'The id is that of a student and of an employee. Give account ids.',
  kinds_differ: 'One of them is a student and the other an employee.',
  same_account: 'Both ids are of one account.',
} satisfies Record<MoveRefusal, string>;

const rowTexts = {
  ...refusals,
  cells_missing: 'the row lacks the former or the new id',
  digits_lost: 'a spreadsheet has lost digits of this id; format the column as text and export it again',
  columns_unknown: 'name the columns "old" and "new", or have these two columns alone; the file is not read on',
  file_unreadable: 'the file cannot be read from here on',
  name_differs: 'the two accounts have different names; it was moved all the same',
} satisfies Record<RowCode, string>;

function addLinkMove(link: Command, run: Run): void {
  link
    .command('move')
    .description(
      'carry links over to the accounts that people have under other ids now; sessions of the former ones end',
    )
    .requiredOption('--district <id>', 'the district')
    .requiredOption('--reason <text>', 'why; it is kept', readReasonOption)
    .option('--from <id>', 'the former account: its account id or SIS id')
    .option('--to <id>', 'the account that the person has now: its account id or SIS id')
    .option('--map <file.csv>', 'a list of former and new ids, such as after a new student information system')
    .action(
      run.forDistrict('support', async ({ services, output, district }, { from, to, map, reason }) => {
        const isOne = from !== undefined && to !== undefined && map === undefined;
        if (!isOne && (map === undefined || from !== undefined || to !== undefined))
          return output.problem({ code: 'usage', detail: 'Say either --from ID --to ID or --map FILE.csv.' }, 2);
        if (reason.trim() === '') return output.problem({ code: 'usage', detail: 'Say why with --reason.' }, 2);
        const alone = refuseAlone({ services, output });
        if (alone !== undefined) return alone;
        const said = { by: 'command', reason: reason.trim() };
        if (!isOne)
          return moveByMap(output, district.id, map, (items) => services.moveLinks.byMap(district.id, items, said));
        const moved = await services.moveLinks.one(district.id, from, to, said);
        if (moved.kind === 'refused') return output.problem({ code: moved.code, detail: refusals[moved.code] });
        const names = moved.hasOtherName
          ? ['The two accounts have different names: make sure that this is one person.']
          : [];
        return output.result({ district: district.id, result: moved.kind, from: moved.from, to: moved.to }, [
          moved.kind === 'moved'
            ? 'Moved, and the sessions of the former account ended. It stays closed to others until its link is released.'
            : 'It was moved before.',
          ...names,
        ]);
      }),
    );
}

async function moveByMap(
  output: Output,
  district: string,
  path: string,
  move: (items: ReturnType<typeof readIdMap>) => Promise<MapCount>,
): Promise<ExitCode> {
  const opened = await openRegularFile(dirname(path), basename(path));
  if (opened === undefined)
    return output.problem({ code: 'path_unreadable', detail: `${basename(path)} is no file that can be read.` });
  const { rows, ...count } = await move(readIdMap(opened)).finally(opened.close);
  const shown = rows.map(({ line, code }) => ({ line, code, message: rowTexts[code] }));
  output.result({ district, ...count, rows: shown }, [
    `${count.moved} moved, ${count.moved_before} moved before, ${count.not_linked} without a link, ${count.refused} refused.`,
    ...shown.map(({ line, message }) => `line ${line}: ${message}`),
  ]);
  return count.refused === 0 ? 0 : 1;
}
