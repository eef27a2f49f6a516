// sso-bridge store escrow, store recover
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { restoreIds, takeEscrow } from '../compose/escrow.ts';
import { readCommandConfig } from '../config/config.ts';
import { mostEscrowBytes } from '../store/escrow.ts';
import { type Run, refuseSettings } from './run.ts';

export function addEscrowCommands(store: Command, run: Run): void {
  store
    .command('escrow')
    .description('print the escrow of the account ids, to be kept elsewhere; needs none of STORE_KEYS')
    .option('--out <file>', 'write it there instead')
    .action(
      run.withEnvironment(async ({ environment, layers, output }, _args, { out }) => {
        const read = readCommandConfig(environment, layers);
        if (read.kind === 'problems') return refuseSettings(output, read.problems);
        const escrow = await takeEscrow(read.config);
        if (escrow === undefined) {
          const detail = 'This store has no escrow: set STORE_ESCROW_KEY and start a server (docs/lost-keys.md).';
          return output.problem({ code: 'no_escrow', detail });
        }
        if (out === undefined) return output.result({ escrow }, [escrow]);
        await writeFile(out, `${escrow}\n`, { mode: 0o600 });
        return output.result({ file: out }, [`The escrow: ${out}`]);
      }),
    );
  store
    .command('recover')
    .argument('<escrow>', 'the file that `store escrow` wrote')
    .description('give a new store the account ids of one whose keys were lost; before its first roster')
    .requiredOption('--key <file>', 'the private key in PEM, or - for standard input')
    .action(
      run.withEnvironment(async ({ environment, layers, output }, [file], { key }) => {
        const read = readCommandConfig(environment, layers);
        if (read.kind === 'problems') return refuseSettings(output, read.problems);
        const [escrow, privateKey] = [readSmall(file), readSmall(key === '-' ? standardInput : key)];
        if (escrow === undefined || privateKey === undefined) {
          const detail = `${escrow === undefined ? file : key} cannot be read, or is no such file.`;
          return output.problem({ code: 'file_unreadable', detail });
        }
        const result = await restoreIds(read.config, escrow, privateKey);
        if (result.kind === 'refused') return output.problem({ code: result.code, detail: result.detail });
        return output.result({ restored: true }, [
          'Account ids are derived as in the former store. Restart every server of this one, then register the districts under',
          'the same ids and publish their rosters.',
        ]);
      }),
    );
}

const standardInput = 0;

/** Undefined if it cannot be read, or is larger than a key or an escrow. */
function readSmall(path: string | number): string | undefined {
  try {
    const content = readFileSync(path);
    return content.length > mostEscrowBytes ? undefined : content.toString();
  } catch {
    return undefined;
  }
}
