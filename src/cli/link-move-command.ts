// sso-bridge link move: the ids of a user, or of a whole district, have changed.
import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import type { MapCount, MoveRefusal, RowCode } from '../admin/move-links.ts';
import { readIdMap } from '../formats/id-map.ts';
import { openRegularFile } from '../formats/roster-files.ts';
import type { ExitCode, Output } from './output.ts';
import { readReasonOption } from './read-reason-option.ts';
import { refuseAlone } from './refuse-alone.ts';
import type { Run } from './run.ts';

const refusals = {
  account_unknown: 'No roster of the district has the new id. Publish the roster first.',
  not_linked:
    'Nobody has signed in with the former account, so there is nothing to move: the next sign-in makes a link.',
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

export function addLinkMove(link: Command, run: Run): void {
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
