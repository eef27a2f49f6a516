// sso-bridge attempts, person, trail: what support looks at, the same facts as the desk's routes and pages. Each look is in
// the trail before anything is told.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { problems } from '../http/problems.ts';
import { describeCase } from '../http/support/attempt-document.ts';
import { describeFoundInRosters, describePerson, failuresOf } from '../http/support/person-document.ts';
import { describeStaffEntry, namesOf } from '../http/support/staff-entry-document.ts';
import { duration } from '../setting.ts';
import type { Attempt } from '../support/attempt.ts';
import { readReference, showReference } from '../support/reference.ts';
import type { Wanted } from '../support/search-attempts.ts';
import type { StaffTrailEntry } from '../support/staff-trail.ts';
import { personLines, rosterLines, toLines } from './look-lines.ts';
import { type At, districtUnknown, type Run } from './run.ts';
import { readAccountId } from './support-commands.ts';

export function addLookCommands(program: Command, run: Run): void {
  program
    .command('attempts')
    .description('find failed sign-ins, newest first')
    .option('--reference <reference>', 'the code on the page, XXXX-XXXX', readReferenceArgument)
    .option('--email <email>', "exactly the address that Clever sent, or the roster's")
    .option('--clever-id <id>')
    .option('--account <id>', 'the account that it is about', readAccountId)
    .option('--district <id>')
    .addOption(new Option('--code <code>', 'what the person was told').choices(Object.keys(problems)))
    .option('--since <time>', 'such as 90s, 15m, 24h, 7d', readSince)
    .option('--limit <count>', 'at most this many', readLimit, 50)
    .option('--reason <text>', 'why you look; it is kept')
    .action(run.command((at, _args, options) => attempts(at, options)));

  program
    .command('person')
    .description('one person in order: last success, failures, roster and link changes')
    .requiredOption('--district <id>', 'the district')
    .option('--account <id>', 'the account', readAccountId)
    .option('--clever-id <id>', 'or the Clever id')
    .option('--reason <text>', 'why you look; it is kept')
    .action(
      run.forDistrict(async ({ office, output, district }, { account, cleverId, reason }) => {
        if ((account === undefined) === (cleverId === undefined))
          return output.problem({ code: 'usage', detail: 'Say either --account ID or --clever-id ID.' }, 2);
        const facts = { district: district.id, ...(account === undefined ? {} : { account }) };
        await note(office, 'person_read', reason, facts);
        const history = await office.readPersonHistory({ district: district.id, account, cleverId });
        const document = describePerson(history, await office.resolve(failuresOf(history)));
        if (document.roster === null && document.events.length === 0)
          return output.problem({ code: 'person_unknown', detail: 'Nothing is known of such a person there.' });
        return output.result(document, personLines(document));
      }),
    );

  program
    .command('trail')
    .description('what staff looked at and did, newest first')
    .option('--limit <count>', 'at most this many', readLimit, 50)
    .option('--cursor <cursor>', 'go on after the page before')
    .action(
      run.command(async ({ office, output }, _args, { limit, cursor: after }) => {
        const { entries, cursor } = await office.staffTrail.page(limit, after);
        const names = namesOf(await office.credentials.list());
        const documents = entries.map((entry) => describeStaffEntry(entry, names));
        const lines = documents.map(({ at, action, by, why, ...facts }) =>
          [at, action, by, why, ...Object.values(facts)].join('  '),
        );
        return output.result({ entries: documents, cursor: cursor ?? null }, [
          ...(lines.length === 0 ? ['Nothing yet.'] : lines),
          ...(cursor === undefined ? [] : [`Older: sso-bridge trail --cursor ${cursor}`]),
        ]);
      }),
    );
}

interface AttemptsOptions extends Pick<Wanted, 'reference'> {
  readonly email?: string;
  readonly cleverId?: string;
  readonly account?: string;
  readonly district?: string;
  readonly code?: Attempt['code'];
  readonly since?: number;
  readonly limit: number;
  readonly reason?: string;
}

async function attempts({ office, output }: At, options: AttemptsOptions): Promise<0 | 1 | 2> {
  const { reference, since, limit, reason, ...filter } = options;
  const { district } = filter;
  if (district !== undefined && (await office.districts.find(district)) === undefined)
    return districtUnknown(output, district);
  const from = since === undefined ? {} : { from: office.clock() - since * 1000 };
  const found = await office.searchAttempts({ reference, filter: { ...filter, ...from }, limit });
  const people = found.rosters?.people.map(({ account }) => account.accountId) ?? [];
  await note(office, 'attempts_searched', reason, {
    found: found.attempts.length,
    references: found.attempts.map((attempt) => attempt.reference).join(' '),
    ...(people.length === 0 ? {} : { accounts: people.join(' ') }),
  });
  // The very facts of the routes and pages, and the accounts as they were kept.
  const documents = [];
  for (const attempt of found.attempts)
    documents.push({ ...toDocument(attempt), ...describeCase(await office.openCase(attempt)) });
  const rosters = found.rosters && describeFoundInRosters(found.rosters);
  return output.result({ attempts: documents, ...rosters }, [
    ...(found.attempts.length === 0 ? ['No attempt was found.'] : found.attempts.flatMap(toLines)),
    ...(rosters === undefined ? [] : rosterLines(rosters)),
  ]);
}

const note = (
  { staffTrail, clock }: At['office'],
  action: 'attempts_searched' | 'person_read',
  reason: string | undefined,
  facts: Readonly<Record<string, string | number>>,
): Promise<void> => {
  const entry: StaffTrailEntry = { action, at: clock(), by: 'command', why: reason?.trim() || 'not said', ...facts };
  return staffTrail.record(entry);
};

const toDocument = ({ at, reference, ...attempt }: Attempt) => ({
  reference: showReference(reference),
  at: new Date(at).toISOString(),
  ...attempt,
});

function readReferenceArgument(text: string): string {
  const reference = readReference(text);
  if (reference === undefined) throw new InvalidArgumentError('It has 8 letters and digits, as in XXXX-XXXX.');
  return reference;
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
