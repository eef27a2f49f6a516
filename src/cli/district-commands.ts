// sso-bridge district …
import { type Command, InvalidArgumentError } from 'commander';
import { describeDay } from '../http/support/district-document.ts';
import { type District, type Rostering, rosterings } from '../roster/district.ts';
import {
  districtRules,
  isCleverDistrictId,
  isDistrictId,
  isDistrictName,
  readRostering,
} from '../roster/read-district.ts';
import { describeDistrict } from '../roster/roster-documents.ts';
import { readDistrictDay } from '../support/district-day.ts';
import type { Run } from './run.ts';

export function addDistrictCommands(program: Command, run: Run): void {
  const district = program.command('district').description('the districts that sign in here');

  district
    .command('put')
    .argument('<id>', 'our name of the district: letters, digits, dot, dash, underscore', readDistrictId)
    .description('add a district, or change it')
    .requiredOption('--clever-id <hex>', "Clever's id of the district, hex", readCleverId)
    .requiredOption('--name <name>', 'its name', readName)
    .requiredOption(
      '--rostering <list>',
      `how it is rostered, comma separated: ${rosterings.join(', ')}`,
      readRosteringList,
    )
    .action(
      run.command(async ({ office, output }, [id], { cleverId, name, rostering }) => {
        const put: District = { id, cleverId, name, rostering };
        const result = await office.putDistrict(put, 'command');
        if (result.kind === 'refused') {
          return output.problem({
            code: result.code,
            detail: `This Clever district is linked to district "${result.by}" already. One Clever district can be linked to one of ours only.`,
          });
        }
        return output.result(describeDistrict(put), [`District ${id} is linked to Clever district ${cleverId}.`]);
      }),
    );

  district
    .command('list')
    .description('all districts')
    .action(
      run.command(async ({ office, output }) => {
        const districts = await office.districts.list();
        const lines = districts.map(({ id, name, rostering }) => `${id}  ${name}  ${rostering.join(',')}`);
        return output.result(
          { districts: districts.map(describeDistrict) },
          lines.length > 0 ? lines : ['There are no districts yet: sso-bridge district put …'],
        );
      }),
    );

  district
    .command('show')
    .argument('<id>', 'as district list shows it')
    .description('one district, and how its last day went')
    .action(
      run.forDistrict(async ({ office, output, district: found }) => {
        const day = describeDay(await readDistrictDay(office.attempts, found.id, office.clock()));
        return output.result({ ...describeDistrict(found), last_24_hours: day }, [
          ...Object.entries(describeDistrict(found)).map(([name, value]) => `${name}: ${value}`),
          ...dayLines(day),
        ]);
      }),
    );

  district
    .command('remove')
    .argument('<id>', 'as district list shows it')
    .description('erase the district and everything it ever had here: rosters, links, sessions, attempts')
    .action(
      run.forDistrict(async ({ office, output, district: found }) => {
        const erased = await office.eraseDistrict(found);
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

function readRosteringList(list: string): Rostering[] {
  const read = readRostering(list.split(',').map((word) => word.trim()));
  if (read !== undefined) return read;
  throw new InvalidArgumentError(`It ${districtRules.rostering}.`);
}

/** Hours in which nobody failed are left out. */
function dayLines({ failures, by_code, hours, complete }: ReturnType<typeof describeDay>): string[] {
  const tell = (codes: Readonly<Record<string, number>>) =>
    Object.entries(codes)
      .map(([code, count]) => `${code} ${count}`)
      .join(', ');
  return [
    `failures in the last 24 hours: ${failures === 0 ? 'none' : `${failures} (${tell(by_code)})`}`,
    ...hours
      .filter((hour) => hour.failures > 0)
      .map(({ from, by_code: codes }) => `  ${from.slice(0, 16).replace('T', ' ')} UTC: ${tell(codes)}`),
    ...(complete ? [] : ['  There were more; the newest are counted.']),
  ];
}
