// sso-bridge district …
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type District, type Rostering, rosterings } from '../district/district.ts';
import {
  districtRules,
  isCleverDistrictId,
  isDistrictId,
  isDistrictName,
  readRostering,
  settingChoices,
} from '../district/read-district.ts';
import { isTimeZone } from '../district/time-zone.ts';
import { describeDistrict, describeRemoved } from '../roster/roster-documents.ts';
import { describeDay, readDistrictDay } from '../support/district-day.ts';
import { commandList } from './help.ts';
import type { ExitCode } from './output.ts';
import { readReasonOption, refuseAlone } from './recorded-command.ts';
import type { At, Run } from './run.ts';

export function addDistrictCommands(program: Command, run: Run): void {
  const district = program.command('district').description(commandList.district);
  addPut(district, run);
  addList(district, run);
  addShow(district, run);
  addRemove(district, run);
}

function addPut(district: Command, run: Run): void {
  district
    .command('put')
    .argument('<id>', 'our name of the district: letters, digits, dot, dash, underscore', readDistrictId)
    .description('add a district, or change it; options of its files that are left out stay as they are')
    .requiredOption('--clever-id <hex>', "Clever's id of the district, hex", readCleverId)
    .requiredOption('--name <name>', 'its name', readName)
    .requiredOption(
      '--rostering <list>',
      `how it is rostered, comma separated: ${rosterings.join(', ')}`,
      readRosteringList,
    )
    .addOption(
      new Option('--oneroster-email <column>', 'the column of users.csv that people sign in with (email)').choices(
        settingChoices.oneroster_email,
      ),
    )
    .addOption(
      new Option('--oneroster-id <column>', 'the column of users.csv that has the id of a person (sourcedId)').choices(
        settingChoices.oneroster_id,
      ),
    )
    .addOption(
      new Option(
        '--district-admins <rule>',
        'whether an automated roster makes district administrators (deny)',
      ).choices(settingChoices.district_admins),
    )
    .addOption(
      new Option(
        '--school-admins <rule>',
        'whether school administrators see the open sign-ins of their schools (deny)',
      ).choices(settingChoices.school_admins),
    )
    .option('--time-zone <name>', 'where its schools are, an IANA name such as America/Los_Angeles (UTC)', readTimeZone)
    .option('--approve', 'remove a rostering method also where too many accounts would lose access')
    .action(
      run.command('district', (at, [id], { cleverId, name, rostering, approve, ...given }) => {
        const {
          onerosterEmail: oneRosterEmail,
          onerosterId: oneRosterId,
          districtAdmins,
          schoolAdmins,
          timeZone,
        } = given;
        const settings = { oneRosterEmail, oneRosterId, districtAdmins, schoolAdmins, timeZone };
        return put(at, { id, cleverId, name, rostering, settings }, approve === true);
      }),
    );
}

async function put({ services, output }: At<'district'>, district: District, approve: boolean): Promise<ExitCode> {
  const alone = approve ? refuseAlone({ services, output }) : undefined;
  if (alone !== undefined) return alone;
  const result = await services.putDistrict(district, 'command', { approve });
  const { heldRemovalLines, removedLines } = await import('../roster/report-text.ts');
  if (result.kind === 'refused')
    return output.problem({
      code: result.code,
      detail: `This Clever district is linked to district "${result.by}" already. One Clever district can be linked to one of ours only.`,
    });
  if (result.kind === 'held')
    return output.problem({
      code: 'held',
      detail: `${heldRemovalLines(result.removed)} If this is right, put the district again with --approve.`,
      ...describeRemoved(result.removed),
      held: result.holds,
    });
  return output.result({ ...describeDistrict(result.district), ...describeRemoved(result.removed) }, [
    `District ${district.id} is linked to Clever district ${district.cleverId}.`,
    ...removedLines(result.removed),
  ]);
}

function addList(district: Command, run: Run): void {
  district
    .command('list')
    .description('all districts')
    .action(
      run.command('districts', async ({ services, output }) => {
        const districts = await services.districts.list();
        const lines = districts.map(({ id, name, rostering }) => `${id}  ${name}  ${rostering.join(',')}`);
        return output.result(
          { districts: districts.map(describeDistrict) },
          lines.length > 0 ? lines : ['There are no districts yet: sso-bridge district put …'],
        );
      }),
    );
}

function addShow(district: Command, run: Run): void {
  district
    .command('show')
    .argument('<id>', 'as district list shows it')
    .description('one district, and how its last day went')
    .action(
      run.forDistrict('districts', async ({ services, output, district: found }) => {
        const day = describeDay(readDistrictDay(await services.counts.read(found.id), services.clock()));
        return output.result({ ...describeDistrict(found), last_24_hours: day }, [
          ...Object.entries(describeDistrict(found)).map(([name, value]) => `${name}: ${value}`),
          ...dayLines(day),
        ]);
      }),
    );
}

function addRemove(district: Command, run: Run): void {
  district
    .command('remove')
    .argument('<id>', 'as district list shows it')
    .description('erase the district and everything it ever had here: rosters, links, sessions, attempts')
    .option('--reason <text>', 'why; it is kept', readReasonOption, 'not said')
    .action(
      run.forDistrict('district', async ({ services, output, district: found }, { reason }) => {
        const alone = refuseAlone({ services, output });
        if (alone !== undefined) return alone;
        const erased = await services.eraseDistrict(found, { by: 'command', reason });
        const { generations, accounts, classes, enrollments, links, attempts } = erased;
        return output.result({ district: found.id, erased }, [
          `District ${found.id} is gone. Erased: ${generations} rosters (${accounts} accounts, ${classes} classes, ${enrollments} enrollments), ${links} links, ${attempts} attempts, and all sessions, changes and records of what was done.`,
        ]);
      }),
    );
}

function readDistrictId(id: string): string {
  if (isDistrictId(id)) return id;
  throw new InvalidArgumentError(`It ${districtRules.id}.`);
}

function readCleverId(id: string): string {
  if (isCleverDistrictId(id)) return id;
  throw new InvalidArgumentError(`It ${districtRules.clever_id}.`);
}

function readName(name: string): string {
  if (isDistrictName(name)) return name;
  throw new InvalidArgumentError(`It ${districtRules.name}.`);
}

function readTimeZone(name: string): string {
  if (isTimeZone(name)) return name;
  throw new InvalidArgumentError(`It ${districtRules.time_zone}.`);
}

function readRosteringList(list: string): Rostering[] {
  const read = readRostering(list.split(',').map((word) => word.trim()));
  if (read !== undefined) return read;
  throw new InvalidArgumentError(`It ${districtRules.rostering}.`);
}

/** Hours without a failure are omitted. */
function dayLines({ failures, by_code, hours }: ReturnType<typeof describeDay>): string[] {
  const describe = (codes: Readonly<Record<string, number>>) =>
    Object.entries(codes)
      .map(([code, count]) => `${code} ${count}`)
      .join(', ');
  return [
    `failures in the last 24 hours: ${failures === 0 ? 'none' : `${failures} (${describe(by_code)})`}`,
    ...hours
      .filter((hour) => hour.failures > 0)
      .map(({ from, by_code: codes }) => `  ${from.slice(0, 16).replace('T', ' ')} UTC: ${describe(codes)}`),
  ];
}
