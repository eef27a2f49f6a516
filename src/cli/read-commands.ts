// sso-bridge attempts, person, trail: what support reads, with the same facts as the support routes and pages. Each
// read is in the audit log before anything is shown.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { describeStaffEntry, namesOf } from '../admin/staff-entry-document.ts';
import { duration } from '../config/setting.ts';
import { timeZoneOf } from '../district/district.ts';
import { addDays, readWallTime, wallTime } from '../district/time-zone.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { isMisheard, readReference, showReference } from '../outcome/reference.ts';
import type { Attempt } from '../support/attempt.ts';
import { describeAttemptDetail } from '../support/attempt-document.ts';
import { describeFoundInRosters, describePerson, failuresOf } from '../support/person-history.ts';
import type { Wanted } from '../support/search-attempts.ts';
import { commandList } from './help.ts';
import { readReasonOption, recordCommand } from './recorded-command.ts';
import { type At, districtUnknown, type Run } from './run.ts';
import { readAccountId } from './support-commands.ts';

export function addReadCommands(program: Command, run: Run): void {
  addAttempts(program, run);
  addPerson(program, run);
  addTrail(program, run);
}

function addAttempts(program: Command, run: Run): void {
  program
    .command('attempts')
    .description(commandList.attempts)
    .option('--reference <reference>', 'the code on the page, XXXX-XXXX-X', readReferenceArgument)
    .option('--email <email>', "exactly the address that Clever sent, or the roster's")
    .option('--clever-id <id>')
    .option('--account <id>', 'the account that it is about', readAccountId)
    .option('--sis-id <id>', 'the SIS id, or a further id that the roster has of the person')
    .option('--district <id>')
    .addOption(new Option('--code <code>', 'the code of the refusal').choices(Object.keys(outcomeCodes)))
    .option(
      '--since <time>',
      'such as 90s, 15m, 24h, 7d; today or yesterday by the clock of the district, else of this machine',
      readSince,
    )
    .option('--limit <count>', 'at most this many', readLimit, 50)
    .option('--reason <text>', 'why you look; it is kept', readReasonOption)
    .action(run.command('read', (at, _args, options) => attempts(at, options)));
}

function addPerson(program: Command, run: Run): void {
  program
    .command('person')
    .description(commandList.person)
    .requiredOption('--district <id>', 'the district')
    .option('--account <id>', 'the account', readAccountId)
    .option('--clever-id <id>', 'or the Clever id')
    .option('--reason <text>', 'why you look; it is kept', readReasonOption)
    .action(
      run.forDistrict('read', async ({ services, output, district }, { account, cleverId, reason }) => {
        if ((account === undefined) === (cleverId === undefined))
          return output.problem({ code: 'usage', detail: 'Say either --account ID or --clever-id ID.' }, 2);
        const facts = { district: district.id, ...(account === undefined ? {} : { account }) };
        await recordCommand(services, 'person_read', facts, reason);
        const history = await services.readPersonHistory({ district: district.id, account, cleverId });
        const document = describePerson(history, await services.judge(failuresOf(history)));
        if (document.roster === null && document.events.length === 0)
          return output.problem({ code: 'person_unknown', detail: 'Nothing is known of such a person there.' });
        return output.result(document, personLines(document));
      }),
    );
}

function addTrail(program: Command, run: Run): void {
  program
    .command('trail')
    .description(commandList.trail)
    .option('--limit <count>', 'at most this many', readLimit, 50)
    .option('--cursor <cursor>', 'go on after the page before')
    .action(
      run.command('read', async ({ services, output }, _args, { limit, cursor: after }) => {
        const { entries, cursor } = await services.staffAuditLog.page(limit, after);
        const names = namesOf(await services.credentials.list());
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

interface AttemptsOptions extends Pick<Wanted, 'reference' | 'sisId'> {
  readonly email?: string;
  readonly cleverId?: string;
  readonly account?: string;
  readonly district?: string;
  readonly code?: Attempt['code'];
  readonly since?: Since;
  readonly limit: number;
  readonly reason?: string;
}

async function attempts({ services, output }: At<'read'>, options: AttemptsOptions): Promise<0 | 1 | 2> {
  const { reference, sisId, since, limit, reason, ...filter } = options;
  const district = filter.district === undefined ? undefined : await services.districts.find(filter.district);
  if (filter.district !== undefined && district === undefined) return districtUnknown(output, filter.district);
  const zone = district === undefined ? Intl.DateTimeFormat().resolvedOptions().timeZone : timeZoneOf(district);
  const from = since === undefined ? {} : { from: beginningOf(since, zone, services.clock()) };
  const found = await services.searchAttempts({ reference, sisId, filter: { ...filter, ...from }, limit });
  const people = found.rosters?.people.map(({ account }) => account.accountId) ?? [];
  const facts = {
    found: found.attempts.length,
    references: found.attempts.map((attempt) => attempt.reference).join(' '),
    ...(people.length === 0 ? {} : { accounts: people.join(' ') }),
  };
  await recordCommand(services, 'attempts_searched', facts, reason);
  // The same facts as the routes and pages, and the accounts as stored.
  const documents = [];
  for (const attempt of found.attempts)
    documents.push({ ...toDocument(attempt), ...describeAttemptDetail(await services.openAttempt(attempt)) });
  const rosters = found.rosters && describeFoundInRosters(found.rosters);
  return output.result({ attempts: documents, ...rosters }, [
    ...(found.attempts.length === 0 ? ['No attempt was found.'] : found.attempts.flatMap(toLines)),
    ...(rosters === undefined ? [] : rosterLines(rosters)),
  ]);
}

const toDocument = ({ at, reference, ...attempt }: Attempt) => ({
  reference: showReference(reference),
  at: new Date(at).toISOString(),
  ...attempt,
});

function readReferenceArgument(text: string): string {
  const reference = readReference(text);
  if (isMisheard(text)) throw new InvalidArgumentError('One character of this reference is wrong; ask again.');
  if (reference === undefined) throw new InvalidArgumentError('It has 9 letters and digits, as in XXXX-XXXX-X.');
  return reference;
}

/** Seconds before now, or a whole day. */
type Since = number | 'today' | 'yesterday';

function readSince(text: string): Since {
  if (text === 'today' || text === 'yesterday') return text;
  const read = duration.safeParse(text);
  if (!read.success)
    throw new InvalidArgumentError('It must be a time such as 90s, 15m, 24h or 7d, or today or yesterday.');
  return read.data;
}

/** Milliseconds since the epoch, as `now`. @param zone IANA name, in which a day begins */
export function beginningOf(since: Since, zone: string, now: number): number {
  if (typeof since === 'number') return now - since * 1000;
  const today = wallTime(now, zone).slice(0, 10);
  return readWallTime(`${addDays(today, since === 'today' ? 0 : -1)}T00:00`, zone);
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 9999.');
}

/** An attempt as lines for the terminal: what Clever sent and what the roster had. */
function toLines(attempt: Attempt): string[] {
  const { reference, at, code, difference, reason, district, clever, about = [] } = attempt;
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
          `  Roster ${code === 'account_inactive' ? 'had: ' : 'has: '} ${JSON.stringify(email ?? null)}, ${record} ${sis_id}, account ${account}, ${method} ${place.file} line ${place.line ?? '?'}`,
      ),
    ),
  ];
}

/** Users without an attempt who are in a roster. */
function rosterLines({ people, districts_searched, districts }: ReturnType<typeof describeFoundInRosters>) {
  return [
    ...people.map(
      ({ district, record, sis_id, account }) =>
        `In the roster of ${district}: ${record} ${sis_id}. See: sso-bridge person --district ${district} --account ${account}`,
    ),
    ...(people.length === 0 ? ['Nor is there such a person in a roster.'] : []),
    ...(districts_searched < districts ? [`Only ${districts_searched} of ${districts} districts were searched.`] : []),
  ];
}

type PersonDocument = ReturnType<typeof describePerson>;

function personLines(person: PersonDocument): string[] {
  const { district, account, clever_id, linked_account, last_success, roster, events, complete } = person;
  return [
    `${roster === null ? 'Not in the roster now' : `${roster.record} ${roster.sis_id}`} of ${district}, account ${account ?? 'not known'}`,
    ...(roster === null
      ? []
      : [`  Role:         ${[roster.role, roster.position].filter((one) => one !== undefined).join(', ')}`]),
    ...(roster?.sources ?? []).map(
      ({ method, email, place }) =>
        `  Roster has:   ${JSON.stringify(email)}, ${method} ${place.file} line ${place.line ?? '?'}`,
    ),
    `  Clever id:    ${clever_id ?? 'not known'}, ${linked_account === null ? 'not linked' : `linked to ${linked_account}`}`,
    `  Last success: ${last_success ?? 'none as long as attempts are kept'}`,
    ...events.map((event) => `${event.at}  ${describeEvent(event)}`),
    ...(complete ? [] : ['Older changes of the roster were not looked through.']),
  ];
}

function describeEvent(event: PersonDocument['events'][number]): string {
  if ('attempt' in event) return `failed: ${event.attempt.reference} ${event.attempt.code}`;
  if ('change' in event) return `roster: ${event.change.replaceAll('_', ' ')}`;
  if ('action' in event) return `${event.action.replaceAll('_', ' ')} by ${event.by}: ${event.reason ?? 'not said'}`;
  return 'got in';
}
