// sso-bridge store backup, restored, escrow, recover; store-move-commands.ts has the others.

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { restoreIds, takeEscrow } from '../compose/escrow.ts';
import { answerTimeOf, storeKeys } from '../compose/storage.ts';
import { readCommandConfig } from '../config/config.ts';
import { backUpStore } from '../store/backup/back-up.ts';
import { maxEscrowBytes } from '../store/escrow.ts';
import { commandList } from './help.ts';
import { recordCommand } from './recorded-command.ts';
import { type Run, refuseSettings } from './run.ts';
import { addStoreCheck, addStoreExport, addStoreMoveCommands } from './store-move-commands.ts';

export function addStoreCommands(program: Command, run: Run): void {
  const store = program.command('store').description(commandList.store);
  addBackup(store, run);
  addRestored(store, run);
  addStoreMoveCommands(store, run);
  addStoreExport(store, run);
  addStoreCheck(store, run);
  addEscrowCommands(store, run);
}

function addBackup(store: Command, run: Run): void {
  store
    .command('backup')
    .argument('[path]', 'a new folder for the copy; with Redis none, its servers write on their own disks')
    .description('copy the store while it is in use')
    .action(
      run.commandWith('store', readCommandConfig, async ({ services, output, config }, [path]) => {
        const result = await backUpStore(
          config.STORE_URL,
          services.store,
          path,
          await storeKeys(config),
          answerTimeOf(config),
        );
        if (result.kind === 'refused') {
          const { code, detail } = result;
          return output.problem({ code, detail }, code === 'backup_failed' || code === 'path_exists' ? 1 : 2);
        }
        const { takenAt, copies } = result;
        await recordCommand(services, 'store_backed_up', { copies: copies.length });
        return output.result({ taken_at: takenAt, copies }, [
          `The store as it was at ${takenAt}:`,
          ...copies.map(({ server, file, bytes }) =>
            config.STORE_URL.kind === 'embedded'
              ? `  ${file}, ${megabytes(bytes)} (a folder on this machine, ${server})`
              : `  ${file} (on the disk of the Redis server ${server})`,
          ),
          'The copy opens with the keys of STORE_KEYS and with nothing else: keep those elsewhere, and keep them.',
        ]);
      }),
    );
}

function addRestored(store: Command, run: Run): void {
  store
    .command('restored')
    .description(
      'say that a backup was put in place: ends every session, replaces the signing keys, revokes credentials',
    )
    .addOption(
      new Option('--keep-credential <id...>', 'was not revoked since the backup; all others are revoked').conflicts(
        'keepAllCredentials',
      ),
    )
    .option('--keep-all-credentials', 'none was revoked since the backup')
    .option('--revoke-all-credentials', 'revoke every one; programs get new ones')
    .action(
      run.command('store', async ({ services, output }, _args, options) => {
        const { keepCredential, keepAllCredentials, revokeAllCredentials } = options;
        const isDecided = [keepCredential, keepAllCredentials, revokeAllCredentials].filter(Boolean).length === 1;
        const there = (await services.credentials.list()).filter(({ revokedAt }) => revokedAt === undefined);
        if (!isDecided && there.length > 0) {
          const lines = [
            'A credential that was revoked after the backup was taken is valid again. Say which were not: --keep-credential ID…, --keep-all-credentials or --revoke-all-credentials.',
            ...there.map(({ id, scope, name }) => `  ${id}  ${scope}  ${name}`),
          ];
          const credentials = there.map(({ id, scope, name }) => ({ id, scope, name }));
          return output.problem({ code: 'usage', detail: lines.join('\n'), credentials }, 2, lines);
        }
        const keep: readonly string[] | 'all' = keepAllCredentials ? 'all' : (keepCredential ?? []);
        const { key, districts, kept, revoked } = await services.handleRestore(keep);
        await recordCommand(services, 'store_restored', { key: key.kid, kept: kept.length, revoked: revoked.length });
        const idsOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
        return output.result(
          { key, sessions_ended: districts, credentials_kept: idsOf(kept), credentials_revoked: idsOf(revoked) },
          [
            `Key ${key.kid} signs from now. Every session of ${districts.length} districts is ended, and every session of staff.`,
            `Credentials: ${kept.length} kept, ${revoked.length} revoked.`,
            'Rosters are those of the backup: publish again what came since (docs/backup.md). Servers may start.',
          ],
        );
      }),
    );
}

const megabytes = (bytes = 0): string => `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`;

function addEscrowCommands(store: Command, run: Run): void {
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
    return content.length > maxEscrowBytes ? undefined : content.toString();
  } catch {
    return undefined;
  }
}
