// sso-bridge roster …
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { Method } from '../identity/candidate.ts';
import { methods } from '../roster/account.ts';
import { isRosteredBy, type Rostering } from '../roster/district.ts';
import type { Finding } from '../roster/feed.ts';
import { readCleverCsv } from '../roster/formats/clever-csv.ts';
import type { PublishResult } from '../roster/publish.ts';
import type { Standing } from '../roster/standing.ts';
import { createProgress } from './progress.ts';
import { tellFinding, tellReport } from './report-text.ts';
import type { At, ExitCode, Run } from './run.ts';

const districtOption = () => new Option('--district <id>', 'the district').makeOptionMandatory();
const methodOption = () => new Option('--method <method>', 'how the roster was sent').choices(['sftp', 'manual']);

export function addRosterCommands(program: Command, run: Run): void {
  const roster = program.command('roster').description('check, publish and look after rosters');

  roster
    .command('check')
    .argument('<path>', 'a folder of Clever-style CSV files')
    .description('say what publishing would find and change; changes nothing')
    .addOption(districtOption())
    .addOption(methodOption().makeOptionMandatory())
    .action(run.forDistrict((at, options, [path]) => publish(at, path, options.method, { dryRun: true })));

  roster
    .command('publish')
    .argument('<path>', 'a folder of Clever-style CSV files')
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
    .command('status')
    .description('what is published, what it replaced and what is held')
    .addOption(districtOption())
    .action(
      run.forDistrict(async ({ office, output, district }) => {
        const { standing } = await office.standings.read(district.id, 0);
        const feeds = describeFeeds(standing);
        return output.result({ district: district.id, feeds }, statusLines(district.id, feeds));
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
      .action(run.forDistrict((at, options) => switchRoster(at, name, options.method)));
  }
}

type AtDistrict = At & { readonly district: { readonly id: string; readonly rostering: readonly Rostering[] } };

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
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    return output.problem({ code: 'path_unreadable', detail: `${basename(path)} is no folder that can be read.` });
  }
  const progress = createProgress(output);
  const result = await office.publisher
    .publish(district.id, method, readCleverCsv(path), { ...how, onProgress: progress.see })
    .finally(progress.stop);
  output.result({ district: district.id, ...documentOf(result) }, tellReport(result));
  return result.kind === 'published' || (result.kind === 'checked' && result.holds.length === 0) ? 0 : 1;
}

function documentOf(result: PublishResult) {
  const { kind, report, findings } = result;
  return {
    result: kind,
    ...(result.kind === 'refused' ? { code: result.code } : { generation: result.generation, held: result.holds }),
    ...report,
    findings: findings.list.map(({ severity, code, place, rowLeftOut }: Finding) => ({
      severity,
      code,
      ...place,
      row_left_out: rowLeftOut === true,
      message: tellFinding({ kind: 'finding', severity, code, place }),
    })),
  };
}

function describeFeeds(standing: Standing) {
  return methods.flatMap((method) => {
    const feed = standing.feeds[method];
    if (feed === undefined) return [];
    const generation = (which: 'active' | 'former') => {
      const found = feed[which];
      return found === undefined
        ? null
        : { generation: found.id, published_at: new Date(found.at).toISOString(), ...found.report };
    };
    const held =
      feed.held === undefined
        ? null
        : {
            generation: feed.held.generation.id,
            staged_at: new Date(feed.held.generation.at).toISOString(),
            ...feed.held.generation.report,
          };
    return [{ method, active: generation('active'), former: generation('former'), held }];
  });
}

function statusLines(district: string, feeds: ReturnType<typeof describeFeeds>): string[] {
  if (feeds.length === 0) return [`District ${district} has never published a roster.`];
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
  method: Method | undefined,
): Promise<ExitCode> {
  const { standing } = await office.standings.read(district.id, 0);
  const fitting = methods.filter(
    (each) => (verb === 'approve' ? standing.feeds[each]?.held : standing.feeds[each]?.former) !== undefined,
  );
  if (method === undefined && fitting.length > 1) {
    return output.problem({ code: 'method_needed', detail: `Say which roster with --method: ${fitting.join(', ')}.` });
  }
  const result = await office.publisher[verb](district.id, method ?? fitting[0] ?? 'sftp');
  if (result.kind === 'refused') {
    return output.problem({ code: result.code, detail: switchRefusals[result.code] });
  }
  output.result(
    {
      district: district.id,
      result: verb === 'approve' ? 'published' : 'rolled_back',
      generation: result.generation,
      ...result.report,
    },
    [
      verb === 'approve'
        ? `Published: ${counts(result.report.accounts)}.`
        : `Rolled back to: ${counts(result.report.accounts)}.`,
    ],
  );
  return 0;
}

const switchRefusals = {
  nothing_held: 'Nothing is held.',
  nothing_to_roll_back_to: 'There is no former roster to go back to; it is kept from one publish to the next only.',
  roster_changed_since: 'Another roster was published since this one was held. Publish again.',
} as const;
