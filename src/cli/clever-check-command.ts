// sso-bridge clever check: what the bridge finds at Clever with its credentials, and for each problem what to do or
// what to ask Clever Support for. Prints no secret.
import type { Command } from 'commander';
import type { CheckLine } from '../compose/clever-check.ts';
import { readCleverCheckConfig } from '../config/config.ts';
import type { District } from '../district/district.ts';
import { commandList } from './help.ts';
import { districtUnknown, type Run } from './run.ts';

export function addCleverCommands(program: Command, run: Run): void {
  const clever = program.command('clever').description(commandList.clever);
  clever
    .command('check')
    .description('look at Clever with our credentials: addresses, keys, both apps, and the rights for each district')
    .option('--district <id>', 'one district; without it all')
    .action(
      run.commandWith('sync', readCleverCheckConfig, async ({ services, output, config }, _args, { district: id }) => {
        const districts = await choose(services.districts, id);
        if (districts === undefined) return districtUnknown(output, id);
        const { createCleverCheck, describeCleverCheck } = await import('../compose/clever-check.ts');
        const check = createCleverCheck(config);
        try {
          const checks = await describeCleverCheck(check, districts);
          const ok = checks.every((one) => one.ok);
          output.result({ result: ok ? 'ok' : 'attention', checks }, [...checks.flatMap(toText), summaryOf(checks)]);
          return ok ? 0 : 1;
        } finally {
          await check.close();
        }
      }),
    );
}

interface Finder {
  find(id: string): Promise<District | undefined>;
  list(): Promise<District[]>;
}

async function choose(districts: Finder, id: string | undefined): Promise<readonly District[] | undefined> {
  if (id === undefined) return districts.list();
  const district = await districts.find(id);
  return district === undefined ? undefined : [district];
}

const toText = ({ ok, unchecked, detail, ask }: CheckLine): string[] => [
  `${unchecked ? 'ENTER' : ok ? 'ok   ' : 'WRONG'} ${detail}`,
  ...(ask === undefined ? [] : [`      To do: ${ask}`]),
];

function summaryOf(checks: readonly CheckLine[]): string {
  const wrong = checks.filter(({ ok }) => !ok).length;
  return wrong === 0 ? 'All well.' : `${wrong} of ${checks.length} need attention.`;
}
