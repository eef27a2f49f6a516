// sso-bridge district …
import { type Command, InvalidArgumentError } from 'commander';
import { type District, partitionOf, type Rostering, rosterings } from '../roster/district.ts';
import type { Run } from './run.ts';

export function addDistrictCommands(program: Command, run: Run): void {
  const district = program.command('district').description('the districts that sign in here');

  district
    .command('put')
    .argument('<id>', 'our name of the district: letters, digits, dot, dash, underscore', readDistrictId)
    .description('add a district, or change it')
    .requiredOption('--clever-id <hex>', "Clever's id of the district, hex", readCleverId)
    .requiredOption('--name <name>', 'its name')
    .requiredOption(
      '--rostering <list>',
      `how it is rostered, comma separated: ${rosterings.join(', ')}`,
      readRostering,
    )
    .action(
      run.command(async ({ office, output }, [id], { cleverId, name, rostering }) => {
        const put: District = { id, cleverId, name, rostering };
        const result = await office.districts.put(put);
        if (result.kind === 'refused') {
          return output.problem({
            code: result.code,
            detail: `This Clever district is linked to district "${result.by}" already. One Clever district can be linked to one of ours only.`,
          });
        }
        return output.result(show(put), [`District ${id} is linked to Clever district ${cleverId}.`]);
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
          { districts: districts.map(show) },
          lines.length > 0 ? lines : ['There are no districts yet: sso-bridge district put …'],
        );
      }),
    );

  district
    .command('show')
    .argument('<id>')
    .description('one district')
    .action(
      run.forDistrict(async ({ output, district: found }) => {
        return output.result(
          show(found),
          Object.entries(show(found)).map(([name, value]) => `${name}: ${value}`),
        );
      }),
    );

  district
    .command('remove')
    .argument('<id>')
    .description('erase the district and everything it ever had here: rosters, links, sessions, attempts')
    .action(
      run.forDistrict(async ({ office, output, district: found }) => {
        await office.districts.remove(found);
        await office.store.erase(partitionOf(office.vault, found.id));
        const attempts = await office.attempts.eraseDistrict(found.id);
        const erased = { district: found.id, erased: ['rosters', 'links', 'sessions', 'attempts'], attempts };
        return output.result(erased, [
          `District ${found.id} is gone: its rosters, links, sessions and ${attempts} attempts were erased.`,
        ]);
      }),
    );
}

const show = ({ id, cleverId, name, rostering }: District) => ({ id, clever_id: cleverId, name, rostering });

export function readDistrictId(id: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,63}$/.test(id)) return id;
  throw new InvalidArgumentError(
    'It must be 1 to 64 letters, digits, dots, dashes and underscores, and begin with a letter or digit.',
  );
}

function readCleverId(id: string): string {
  if (/^[0-9a-fA-F]{1,64}$/.test(id)) return id;
  throw new InvalidArgumentError("It must be the district's id at Clever: hex signs, 0-9 and a-f.");
}

function readRostering(list: string): Rostering[] {
  const words = list.split(',').map((word) => word.trim());
  const read = rosterings.filter((rostering) => words.includes(rostering));
  if (read.length === words.length && !(read.includes('secure-sync:full') && read.includes('secure-sync:provisioning')))
    return read;
  throw new InvalidArgumentError(
    `It must be of ${rosterings.join(', ')}, each once, and only one kind of secure-sync.`,
  );
}
