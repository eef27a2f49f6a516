// sso-bridge attempts, link, session …
import { type Command, InvalidArgumentError, Option } from 'commander';
import { problems } from '../http/problems.ts';
import { describeCase } from '../http/support/attempt-document.ts';
import { isAccountId } from '../roster/account.ts';
import { duration } from '../setting.ts';
import type { Attempt } from '../support/attempt.ts';
import { readReference, showReference } from '../support/reference.ts';
import type { Output } from './output.ts';
import type { Run } from './run.ts';

export function addSupportCommands(program: Command, run: Run): void {
  program
    .command('attempts')
    .description('find failed sign-ins, newest first')
    .option('--reference <reference>', 'the code on the page, XXXX-XXXX', readReferenceArgument)
    .option('--email <email>', "exactly the address that Clever sent, or the roster's")
    .option('--clever-id <id>')
    .option('--district <id>')
    .addOption(new Option('--code <code>', 'what the person was told').choices(Object.keys(problems)))
    .option('--since <time>', 'such as 90s, 15m, 24h, 7d', readSince)
    .option('--limit <count>', 'at most this many', readLimit, 50)
    .action(
      run.command(async ({ office, output }, _args, options) => {
        const found = await findAttempts(office.attempts, options);
        await office.staffTrail.record({
          ...{ action: 'attempts_searched', at: Date.now(), by: 'command', why: 'command', found: found.length },
          references: found.map(({ reference }) => reference).join(' '),
        });
        // The very facts of the routes and pages, and the accounts as they were kept.
        const documents = [];
        for (const attempt of found) {
          documents.push({ ...toDocument(attempt), ...describeCase(await office.openCase(attempt)) });
        }
        return output.result(
          { attempts: documents },
          found.length === 0 ? ['No attempt was found.'] : found.flatMap(toLines),
        );
      }),
    );

  program
    .command('link')
    .description('which Clever id an account is linked to')
    .command('release')
    .description('let the next matching sign-in make a new link')
    .requiredOption('--district <id>', 'the district')
    .requiredOption('--reason <text>', 'why; it is kept')
    .option('--account <id>', 'one account', readAccountId)
    .option('--all', 'every account of the district, such as after a new student information system')
    .action(
      run.forDistrict(async ({ office, output, district }, { account, all, reason }) => {
        const wrong = readTarget(account, all, reason, output);
        if (wrong !== undefined) return wrong;
        const said = { by: 'command', reason };
        if (all) await office.releaseLinks.ofDistrict(district.id, said);
        else if (!(await office.releaseLinks.ofAccount(district.id, account, said))) {
          return output.problem({ code: 'not_linked', detail: 'This account is linked to no Clever id.' });
        }
        return output.result({ district: district.id, released: all ? 'all' : account }, [
          'Released, and the sessions ended. The next sign-in that matches makes a new link.',
        ]);
      }),
    );

  program
    .command('session')
    .description('sessions of people who are signed in')
    .command('end')
    .description('end every session that is open now; people may sign in again')
    .requiredOption('--district <id>', 'the district')
    .requiredOption('--reason <text>', 'why; it is kept')
    .option('--account <id>', 'one account', readAccountId)
    .option('--all', 'everybody of the district')
    .action(
      run.forDistrict(async ({ office, output, district }, { account, all, reason }) => {
        const wrong = readTarget(account, all, reason, output);
        if (wrong !== undefined) return wrong;
        if (!(await office.endSessionsBecause(district.id, account, { by: 'command', reason }))) {
          return output.problem({ code: 'account_unknown', detail: 'No account of the roster has this id.' });
        }
        return output.result({ district: district.id, ended: all ? 'all' : account }, ['Ended.']);
      }),
    );
}

/** Undefined when it is one account or all, with a reason; else the exit code of what was said about it. */
function readTarget(account: unknown, all: unknown, reason: unknown, output: Output): 1 | 2 | undefined {
  if ((account === undefined) === (all === undefined))
    return output.problem({ code: 'usage', detail: 'Say either --account ID or --all.' }, 2);
  if (String(reason).trim() === '') return output.problem({ code: 'usage', detail: 'Say why with --reason.' }, 2);
  return undefined;
}

type AttemptsOptions = {
  reference?: string;
  email?: string;
  cleverId?: string;
  district?: string;
  code?: Attempt['code'];
  since?: number;
  limit: number;
};

async function findAttempts(
  log: {
    find(reference: string): Promise<Attempt | undefined>;
    search(filter: object, cursor?: string, limit?: number): Promise<{ attempts: readonly Attempt[] }>;
  },
  { reference, since, limit, ...filter }: AttemptsOptions,
): Promise<readonly Attempt[]> {
  if (reference === undefined) {
    const from = since === undefined ? {} : { from: Date.now() - since * 1000 };
    return (await log.search({ ...filter, ...from }, undefined, limit)).attempts;
  }
  const attempt = await log.find(reference);
  return attempt === undefined ? [] : [attempt];
}

const toDocument = ({ at, reference, ...attempt }: Attempt) => ({
  reference: showReference(reference),
  at: new Date(at).toISOString(),
  ...attempt,
});

/** For the terminal of a person with access to the store, so it shows what Clever sent and what the roster holds. */
function toLines({ reference, at, code, difference, reason, district, clever, about = [] }: Attempt): string[] {
  return [
    `${showReference(reference)}  ${new Date(at).toISOString()}  ${code}${difference ? ` (${difference})` : ''}${reason ? ` (${reason})` : ''}  ${district ?? ''}`,
    ...(clever === undefined
      ? []
      : [
          `  Clever sent: ${JSON.stringify(clever.email ?? null)}, ${clever.user_type ?? 'no type'} ${clever.clever_id ?? ''}`,
        ]),
    ...about.flatMap(({ account, record, sis_id, sources }) =>
      sources.map(
        ({ method, email, place }) =>
          `  Roster has:  ${JSON.stringify(email ?? null)}, ${record} ${sis_id}, account ${account}, ${method} ${place.file} line ${place.line ?? '?'}`,
      ),
    ),
  ];
}

function readReferenceArgument(text: string): string {
  const reference = readReference(text);
  if (reference === undefined) throw new InvalidArgumentError('It has 8 letters and digits, as in XXXX-XXXX.');
  return reference;
}

function readAccountId(text: string): string {
  if (isAccountId(text)) return text;
  throw new InvalidArgumentError('It must be an account id, as in 00000000-0000-8000-8000-000000000000.');
}

function readSince(text: string): number {
  const read = duration.safeParse(text);
  if (!read.success) throw new InvalidArgumentError('It must be a time such as 90s, 15m, 24h or 7d.');
  return read.data;
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 9999.');
}
