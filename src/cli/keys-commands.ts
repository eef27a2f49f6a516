// sso-bridge keys …
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readVectorConfig } from '../config/config.ts';
import { commandList } from './help.ts';
import type { Run } from './run.ts';

export function addKeysCommands(program: Command, run: Run): void {
  const keys = program.command('keys').description(commandList.keys);
  addList(keys, run);
  addRotate(keys, run);
  addVectors(keys, run);
}

function addList(keys: Command, run: Run): void {
  keys
    .command('list')
    .description('every published key, and since when or from when on it signs')
    .action(
      run.command('keys', async ({ services, output }) => {
        const list = await services.keys.list();
        return output.result(
          { keys: list },
          list.map(({ kid, status, signs_from }) => `${kid}  ${status}  signs from ${signs_from}`),
        );
      }),
    );
}

function addRotate(keys: Command, run: Run): void {
  keys
    .command('rotate')
    .description('publish a next key; it signs when every verifier has seen it')
    .option('--compromised', 'replace every key at once and end every session: the private key may be in other hands')
    .action(
      run.command('keys', async ({ services, output }, _args, { compromised }) => {
        if (compromised) {
          const { key, districts } = await services.recordedAccess.replaceCompromisedKeys('command');
          return output.result({ key, sessions_ended: districts }, [
            `Key ${key.kid} signs from now. The old keys are withdrawn, and every session of ${districts.length} districts is ended.`,
          ]);
        }
        const result = await services.recordedAccess.rotateKeys('command');
        if (result.kind === 'refused') {
          return output.problem({
            code: result.code,
            detail: `A next key is published already and signs from ${result.key.signs_from}.`,
            key: result.key,
          });
        }
        return output.result({ key: result.key }, [
          `Key ${result.key.kid} is published and signs from ${result.key.signs_from}.`,
        ]);
      }),
    );
}

function addVectors(keys: Command, run: Run): void {
  keys
    .command('vectors')
    .description("make a good token and many forged ones, to try a product's verifier with")
    .option('--out <file>', 'write them there instead; the good token is valid for ten minutes')
    .option('--issuer <url>', 'instead of PUBLIC_URL')
    .option('--audience <audience>', 'instead of SESSION_AUDIENCE')
    .action(
      run.commandWith(
        'keys',
        readVectorConfig,
        async ({ services, output, config }, _args, { out, issuer, audience }) => {
          const aud: string | undefined = audience ?? config.SESSION_AUDIENCE ?? config.PRODUCT_URL?.origin;
          if (aud === undefined) {
            const detail = 'The audience is missing: give --audience, or set SESSION_AUDIENCE or PRODUCT_URL.';
            return output.problem({ code: 'usage', detail }, 2);
          }
          const to = { issuer: issuer ?? config.PUBLIC_URL.origin, audience: aud };
          const kit = await services.recordedAccess.makeVectors(to, 'command');
          if (out === undefined) return output.result(kit, [JSON.stringify(kit, undefined, 2)]);
          await writeFile(out, `${JSON.stringify(kit, undefined, 2)}\n`, { mode: 0o600 });
          return output.result({ file: out, vectors: kit.vectors.length }, [`${kit.vectors.length} tokens: ${out}`]);
        },
      ),
    );
}
