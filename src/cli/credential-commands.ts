// sso-bridge credential …
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Credential, scopes } from '../session/credentials.ts';
import { commandList } from './help.ts';
import type { Run } from './run.ts';

export function addCredentialCommands(program: Command, run: Run): void {
  const credential = program.command('credential').description(commandList.credential);
  addCreate(credential, run);
  addList(credential, run);
  addRevoke(credential, run);
}

function addCreate(credential: Command, run: Run): void {
  credential
    .command('create')
    .description('make one; its secret is shown once')
    .addOption(
      new Option('--scope <scope>', 'product: HTTP Basic id:secret; support and admin: bearer secret')
        .choices(scopes)
        .makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'who will use it, to distinguish it from others', readName)
    .option('--expires-in-days <days>', 'end it by itself; without it, it is good until revoked', readDays)
    .action(
      run.command('credential', async ({ services, output }, _args, { scope, name, expiresInDays }) => {
        const lifeMs = expiresInDays === undefined ? undefined : expiresInDays * 86_400_000;
        const { credential: made, secret } = await services.recordedAccess.createCredential(
          { scope, name, lifeMs },
          'command',
        );
        return output.result({ ...describeCredential(made), secret }, [
          `id:     ${made.id}`,
          `secret: ${secret}`,
          ...(made.expiresAt === undefined ? [] : [`good until ${timeOf(made.expiresAt)}`]),
          'The secret is not shown again. Keep it where programs keep secrets, not in a file of the repository.',
        ]);
      }),
    );
}

function addList(credential: Command, run: Run): void {
  credential
    .command('list')
    .description('all credentials, also revoked ones, never their secrets')
    .action(
      run.command('credentials', async ({ services, output }) => {
        const credentials = (await services.credentials.list()).map((each) => ({
          ...describeCredential(each),
          last_used_at: timeOf(each.lastUsedAt),
          revoked_at: timeOf(each.revokedAt),
        }));
        const lines = credentials.map(
          ({ id, scope, name, expires_at, last_used_at, revoked_at }) =>
            `${id}  ${scope}  ${name}  last used ${last_used_at ?? 'never'}${reportEnd(expires_at, revoked_at, services.clock())}`,
        );
        return output.result(
          { credentials },
          lines.length > 0 ? lines : ['There are no credentials yet: sso-bridge credential create …'],
        );
      }),
    );
}

function addRevoke(credential: Command, run: Run): void {
  credential
    .command('revoke')
    .argument('<id>', 'its id, as credential list shows it')
    .description('end one; it is no longer accepted, and stays listed as revoked')
    .action(
      run.command('credential', async ({ services, output }, [id]) => {
        if (await services.recordedAccess.revokeCredential(id, 'command'))
          return output.result({ id, revoked: true }, [`Revoked: ${id}.`]);
        return output.problem({
          code: 'credential_unknown',
          detail: 'No valid credential has this id. See: sso-bridge credential list',
        });
      }),
    );
}

const timeOf = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

function reportEnd(expiresAt: string | null, revokedAt: string | null, now: number): string {
  if (revokedAt !== null) return `  revoked ${revokedAt}`;
  if (expiresAt === null) return '';
  return `  ${Date.parse(expiresAt) <= now ? 'expired' : 'expires'} ${expiresAt}`;
}

const describeCredential = ({ id, scope, name, createdAt, expiresAt }: Credential) => ({
  id,
  scope,
  name,
  created_at: new Date(createdAt).toISOString(),
  expires_at: timeOf(expiresAt),
});

/** Ten years and more means no expiry. */
function readDays(text: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= 3650) return days;
  throw new InvalidArgumentError('It must be a whole number of days, 1 to 3650.');
}

function readName(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= 100 && !/\p{Cc}/u.test(name)) return name;
  throw new InvalidArgumentError('It must be 1 to 100 printable characters.');
}
