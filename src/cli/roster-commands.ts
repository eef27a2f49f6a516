// sso-bridge roster …
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { readSent } from '../admin/read-sent.ts';
import { isRosteredBy } from '../district/district.ts';
import { type TemplateKind, templateKinds, templateWriters } from '../formats/templates.ts';
import { type Method, methods } from '../identity/candidate.ts';
import { describeHeld, describeLostAccess, describeReport, switchTexts } from '../roster/report-text.ts';
import { describeResult, describeStatus, describeSwitch } from '../roster/roster-documents.ts';
import { commandList } from './help.ts';
import type { ExitCode, Output } from './output.ts';
import { createProgress } from './progress.ts';
import { readReasonOption, refuseAlone } from './recorded-command.ts';
import type { AtDistrict, Run } from './run.ts';

const districtOption = () => new Option('--district <id>', 'the district').makeOptionMandatory();
const methodOption = () => new Option('--method <method>', 'how the roster was sent').choices(['sftp', 'manual']);

export function addRosterCommands(program: Command, run: Run): void {
  const roster = program.command('roster').description(commandList.roster);
  addPublish(roster, run);
  addTemplate(roster, run);
  addStatus(roster, run);
  addSwitch(roster, run, 'approve', 'publish what is held');
  addSwitch(roster, run, 'rollback', 'go back to the previous roster');
}

function addPublish(roster: Command, run: Run): void {
  const pathText = 'a folder of CSV files (OneRoster or Clever-style); with --method manual also an .xlsx or .csv file';
  roster
    .command('check')
    .argument('<path>', pathText)
    .description('say what publishing would find and change; changes nothing')
    .addOption(districtOption())
    .addOption(methodOption().makeOptionMandatory())
    .action(run.forDistrict('roster', (at, options, [path]) => publish(at, path, options.method, { dryRun: true })));
  roster
    .command('publish')
    .argument('<path>', pathText)
    .description('make the roster active, all at once or not at all')
    .addOption(districtOption())
    .addOption(methodOption().makeOptionMandatory())
    .option('--approve', 'publish also what would be held')
    .action(
      run.forDistrict('roster', (at, options, [path]) =>
        publish(at, path, options.method, { approve: options.approve === true }),
      ),
    );
}

function addTemplate(roster: Command, run: Run): void {
  roster
    .command('template')
    .argument('<file>', 'where to write it; ends in .xlsx')
    .description('write the spreadsheet that a district fills in by hand')
    .addOption(
      new Option('--kind <kind>', "the bridge's own, or Summit's for students or for staff")
        .choices(templateKinds)
        .default('bridge'),
    )
    .action(run.withoutStore((output, [file], options) => template(output, file, options.kind)));
}

function addStatus(roster: Command, run: Run): void {
  roster
    .command('status')
    .description('what is published, what it replaced and what is held')
    .addOption(districtOption())
    .action(
      run.forDistrict('rosterStatus', async ({ services, output, district }) => {
        const status = describeStatus(await services.readRosterState(district));
        return output.result(status, statusLines(status));
      }),
    );
}

function addSwitch(roster: Command, run: Run, name: 'approve' | 'rollback', description: string): void {
  roster
    .command(name)
    .description(description)
    .addOption(districtOption())
    .addOption(methodOption())
    .option('--reason <text>', 'why; it is kept', readReasonOption)
    .action(run.forDistrict('roster', (at, options) => switchRoster(at, name, options)));
}

async function template(output: Output, path: string, kind: TemplateKind): Promise<ExitCode> {
  const file = basename(path);
  if (!/\.xlsx$/i.test(path)) {
    return output.problem({ code: 'not_xlsx', detail: 'The name of the template has to end in .xlsx.' }, 2);
  }
  try {
    await templateWriters[kind](path);
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
  { services, output, district }: AtDistrict<'roster'>,
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
  const sent = await readSent(path, method, { clock: services.clock, settings: district.settings });
  if (sent === undefined) {
    const wanted = method === 'manual' ? 'no spreadsheet and no folder' : 'no folder';
    return output.problem({ code: 'path_unreadable', detail: `${basename(path)} is ${wanted} that can be read.` });
  }
  // With --approve, a roster that would be held is published.
  const alone = how.approve === true && how.dryRun !== true ? refuseAlone({ services, output }) : undefined;
  if (alone !== undefined) return alone;
  const progress = createProgress(output);
  const result = await services.recordedPublisher
    .publish(district.id, sent, 'command', { ...how, onProgress: progress.see })
    .finally(progress.stop);
  output.result(describeResult(district.id, result), describeReport(result));
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
          ...describeHeld(held.changes).map((line) => `  ${line}`),
          `  sso-bridge roster approve --district ${district} publishes it`,
        ]),
  ]);
}

const counts = (accounts: Readonly<Record<string, number>>): string =>
  Object.entries(accounts)
    .map(([role, count]) => `${count} ${role}${count === 1 || role === 'staff' ? '' : 's'}`)
    .join(', ');

async function switchRoster(
  { services, output, district }: AtDistrict<'roster'>,
  verb: 'approve' | 'rollback',
  { method, reason }: { readonly method?: Method; readonly reason?: string },
): Promise<ExitCode> {
  const { published } = await services.rosters.read(district.id, 0);
  const fitting = methods.filter(
    (each) => (verb === 'approve' ? published.feeds[each]?.held : published.feeds[each]?.former) !== undefined,
  );
  if (method === undefined && fitting.length > 1) {
    return output.problem({ code: 'method_needed', detail: `Say which roster with --method: ${fitting.join(', ')}.` });
  }
  const alone = refuseAlone({ services, output });
  if (alone !== undefined) return alone;
  const result = await services.recordedPublisher[verb](district.id, method ?? fitting[0] ?? 'sftp', 'command', reason);
  if (result.kind === 'refused') {
    return output.problem({ code: result.code, detail: switchTexts[result.code] });
  }
  return output.result(describeSwitch(district.id, verb, result), [
    verb === 'approve'
      ? `Published: ${counts(result.report.accounts)}.`
      : `Rolled back to: ${counts(result.report.accounts)}.`,
    ...describeLostAccess(result.report.changes),
  ]);
}
