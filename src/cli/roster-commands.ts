// sso-bridge roster …
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { Method } from '../identity/candidate.ts';
import { methods } from '../roster/account.ts';
import { isRosteredBy } from '../roster/district.ts';
import { readSent } from '../roster/read-sent.ts';
import { switchTexts, tellReport } from '../roster/report-text.ts';
import { describeResult, describeStatus, describeSwitch } from '../roster/roster-documents.ts';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';
import type { AtDistrict, ExitCode, Run } from './run.ts';

const districtOption = () => new Option('--district <id>', 'the district').makeOptionMandatory();
const methodOption = () => new Option('--method <method>', 'how the roster was sent').choices(['sftp', 'manual']);

export function addRosterCommands(program: Command, run: Run): void {
  const roster = program.command('roster').description('check, publish and look after rosters');

  roster
    .command('check')
    .argument('<path>', 'a folder of Clever-style CSV files; with --method manual also an .xlsx or .csv file')
    .description('say what publishing would find and change; changes nothing')
    .addOption(districtOption())
    .addOption(methodOption().makeOptionMandatory())
    .action(run.forDistrict((at, options, [path]) => publish(at, path, options.method, { dryRun: true })));

  roster
    .command('publish')
    .argument('<path>', 'a folder of Clever-style CSV files; with --method manual also an .xlsx or .csv file')
    .description('make the roster active, all at once or not at all')
    .addOption(districtOption())
    .addOption(methodOption().makeOptionMandatory())
    .option('--approve', 'publish also what would be held')
    .action(
      run.forDistrict((at, options, [path]) =>
        publish(at, path, options.method, { approve: options.approve === true }),
      ),
    );

  roster
    .command('template')
    .argument('<file>', 'where to write it; ends in .xlsx')
    .description('write the spreadsheet that a district fills in by hand')
    .action(run.withoutStore((output, [file]) => template(output, file)));

  roster
    .command('status')
    .description('what is published, what it replaced and what is held')
    .addOption(districtOption())
    .action(
      run.forDistrict(async ({ office, output, district }) => {
        const status = describeStatus(await office.readRosterState(district));
        return output.result(status, statusLines(status));
      }),
    );

  for (const [name, description] of [
    ['approve', 'publish what is held'],
    ['rollback', 'go back to the roster before the active one'],
  ] as const) {
    roster
      .command(name)
      .description(description)
      .addOption(districtOption())
      .addOption(methodOption())
      .option('--reason <text>', 'why; it is kept')
      .action(run.forDistrict((at, options) => switchRoster(at, name, options)));
  }
}

async function template(output: Output, path: string): Promise<ExitCode> {
  const file = basename(path);
  if (!/\.xlsx$/i.test(path)) {
    return output.problem({ code: 'not_xlsx', detail: 'The name of the template has to end in .xlsx.' }, 2);
  }
  try {
    const { writeTemplate } = await import('../roster/formats/template.ts');
    await writeTemplate(path);
  } catch (failure) {
    const reason = templateProblems[String(Object(failure).code)];
    if (reason === undefined) throw failure;
    return output.problem({ ...reason, detail: `${file} ${reason.detail}` });
  }
  return output.result({ result: 'written', file }, [
    `Written: ${path}. Publish it filled in with: npx sso-bridge roster publish ${path} --district ID --method manual`,
  ]);
}

const unwritable = { code: 'path_unwritable', detail: 'cannot be written there.' };

const templateProblems: Readonly<Record<string, { readonly code: string; readonly detail: string }>> = {
  EEXIST: { code: 'file_exists', detail: 'exists already and is left as it is; choose another name.' },
  ENOENT: unwritable,
  ENOTDIR: unwritable,
  EACCES: unwritable,
  EPERM: unwritable,
  EROFS: unwritable,
};

async function publish(
  { office, output, district }: AtDistrict,
  path: string,
  method: 'sftp' | 'manual',
  how: { dryRun?: boolean; approve?: boolean },
): Promise<ExitCode> {
  if (!isRosteredBy(district, method)) {
    return output.problem({
      code: 'method_not_used',
      detail: `District ${district.id} is not rostered by ${method} but by ${district.rostering.join(', ')}. Change it with: sso-bridge district put`,
    });
  }
  const sent = await readSent(path, method);
  if (sent === undefined) {
    const wanted = method === 'manual' ? 'no spreadsheet and no folder' : 'no folder';
    return output.problem({ code: 'path_unreadable', detail: `${basename(path)} is ${wanted} that can be read.` });
  }
  const progress = createProgress(output);
  const result = await office.recordedPublisher
    .publish(district.id, sent, 'command', { ...how, onProgress: progress.see })
    .finally(progress.stop);
  output.result(describeResult(district.id, result), tellReport(result));
  return result.kind === 'published' || (result.kind === 'checked' && result.holds.length === 0) ? 0 : 1;
}

function statusLines({
  district,
  feeds,
  licences_used,
  last_sync,
  trail,
}: ReturnType<typeof describeStatus>): string[] {
  return [
    ...(feeds.length === 0 ? [`District ${district} has never published a roster.`] : feedLines(district, feeds)),
    ...(licences_used === null ? [] : [`Licences used: ${licences_used}`]),
    ...(last_sync === null
      ? []
      : [
          `Last sync: ${last_sync.result}${last_sync.code === null ? '' : ` (${last_sync.code})`}, ${last_sync.finished_at}`,
        ]),
    ...(trail.length === 0 ? [] : ['What was done here, the newest first:']),
    ...trail.map(({ at, action, by, ...facts }: Readonly<Record<string, unknown>>) => {
      const whose = facts['account'] ? `  account ${facts['account']}` : '';
      return `  ${at}  ${String(action).replaceAll('_', ' ')}${whose}  by ${by}`;
    }),
  ];
}

function feedLines(district: string, feeds: ReturnType<typeof describeStatus>['feeds']): string[] {
  return feeds.flatMap(({ method, active, former, held }) => [
    `${method}:`,
    ...(active === null
      ? ['  nothing is active']
      : [`  active since ${active.published_at}: ${counts(active.accounts)}`]),
    ...(former === null ? [] : [`  before: ${counts(former.accounts)} (sso-bridge roster rollback goes back to it)`]),
    ...(held === null
      ? []
      : [
          `  HELD since ${held.staged_at}: ${counts(held.accounts)}`,
          `  sso-bridge roster approve --district ${district} publishes it`,
        ]),
  ]);
}

const counts = (accounts: Readonly<Record<string, number>>): string =>
  Object.entries(accounts)
    .map(([role, count]) => `${count} ${role}${count === 1 || role === 'staff' ? '' : 's'}`)
    .join(', ');

async function switchRoster(
  { office, output, district }: AtDistrict,
  verb: 'approve' | 'rollback',
  { method, reason }: { readonly method?: Method; readonly reason?: string },
): Promise<ExitCode> {
  const { standing } = await office.standings.read(district.id, 0);
  const fitting = methods.filter(
    (each) => (verb === 'approve' ? standing.feeds[each]?.held : standing.feeds[each]?.former) !== undefined,
  );
  if (method === undefined && fitting.length > 1) {
    return output.problem({ code: 'method_needed', detail: `Say which roster with --method: ${fitting.join(', ')}.` });
  }
  const result = await office.recordedPublisher[verb](district.id, method ?? fitting[0] ?? 'sftp', 'command', reason);
  if (result.kind === 'refused') {
    return output.problem({ code: result.code, detail: switchTexts[result.code] });
  }
  return output.result(describeSwitch(district.id, verb, result), [
    verb === 'approve'
      ? `Published: ${counts(result.report.accounts)}.`
      : `Rolled back to: ${counts(result.report.accounts)}.`,
  ]);
}
