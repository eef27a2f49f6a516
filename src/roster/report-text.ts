// The report of a publish as text. Names files, lines and columns; never a value of the district's files.

import type { Finding, FormatName } from '../formats/feed.ts';
import type { Kind } from '../identity/identity.ts';
import type { SwitchResult } from './activate-kept.ts';
import type { RemovedRosters } from './compare-removal.ts';
import { type GatheredFindings, gatherFindings } from './gather-findings.ts';
import { findHolds, type Hold } from './guard.ts';
import { type LockOutReason, type LockOuts, lockOutReasons, totalOf } from './lock-outs.ts';
import type { PublishResult } from './publish.ts';
import { lockOutsOf, noMemberChanges, type Report } from './report.ts';
import { noneWithoutEmail } from './without-email.ts';

const lockOutTexts = {
  removed: 'removed',
  id_changed: 'under another id now',
  address_changed: 'with another email',
  address_lost: 'left without an email',
  address_shared: 'with an email that another account has too',
  passed_on: 'given to another Clever id',
  two_people: 'with an id that the rosters of two methods give to two people',
} satisfies Record<LockOutReason, string>;

/** `3 removed, 2 with another email`: the reasons that occur. */
export const describeLockOuts = (lockOuts: LockOuts): string =>
  lockOutReasons
    .filter((reason) => lockOuts[reason] > 0)
    .map((reason) => `${lockOuts[reason]} ${lockOutTexts[reason]}`)
    .join(', ');

const kindNames = { student: 'students', employee: 'employees' } as const;

const describeLockedOut = (kind: Kind, lockOuts: LockOuts, of: number): string =>
  `${totalOf(lockOuts)} of the district's ${of} ${kindNames[kind]} cannot sign in any more with this roster: ${describeLockOuts(lockOuts)}.`;

/** The accounts that lose access, even if too few to be held. */
export const describeLostAccess = (changes: Report['changes']): string[] =>
  (['student', 'employee'] as const).flatMap((kind) => {
    const lockOuts = lockOutsOf(changes[kind]);
    return totalOf(lockOuts) === 0 ? [] : [describeLockedOut(kind, lockOuts, changes[kind].before)];
  });

/** Why a roster is held, with all accounts that lose access. */
export const describeHeld = (changes: Report['changes']): string[] => [
  ...describeLostAccess(changes),
  ...describeOtherHolds(changes),
];

/** Why a roster is held, apart from the accounts that can no longer sign in. */
export const describeOtherHolds = (changes: Report['changes']): string[] => findHolds(changes).flatMap(describeHold);

export const describeCount = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const describePeople = ({ student, teacher, staff, administrator }: Report['accounts']): string =>
  `${describeCount(student, 'student')}, ${describeCount(teacher, 'teacher')}, ${staff} staff, ${describeCount(administrator, 'administrator')}`;

/** What a district lost with its rostering methods; empty if it lost none. */
export const removedLines = (removed: RemovedRosters): string[] =>
  removed.methods.length === 0
    ? []
    : [`The roster by ${removed.methods.join(', ')} is removed: ${describeLosing(removed)}.`];

export const heldRemovalLines = (removed: RemovedRosters): string =>
  `HELD: nothing is changed. Without the roster by ${removed.methods.join(', ')}, ${describeLosing(removed)}.`;

const describeLosing = ({ accounts: { student, employee } }: RemovedRosters): string =>
  `${describeCount(student, 'student')} and ${describeCount(employee, 'employee')} lose access`;

/** Why an approval or a rollback was refused. */
export const switchTexts = {
  nothing_held: 'Nothing is held.',
  nothing_to_roll_back_to: 'There is no former roster to go back to; it is kept from one publish to the next only.',
  roster_changed_since: 'Another roster was published since this one was held. Publish again.',
} satisfies Record<Extract<SwitchResult, { kind: 'refused' }>['code'], string>;

const maxPlacesShown = 20;

export function describeReport(result: PublishResult): string[] {
  const { report, findings } = result;
  return [
    ...describeRead(report, result.kind !== 'refused'),
    ...describeFindings(findings.list),
    ...Object.entries(findings.counts)
      .filter(([, count]) => count > maxPlacesShown)
      .map(([code, count]) => `${code}: ${count} in all`),
    ...(result.kind === 'refused'
      ? ['NOT published: correct the errors above and publish again. The active roster stays.']
      : describeEffects(report, result.holds)),
    ...(result.kind === 'held' ? ['HELD: the active roster stays. If this is right: sso-bridge roster approve'] : []),
    ...(result.kind === 'checked'
      ? [
          result.holds.length > 0
            ? 'Checked: publishing would hold this roster. Nothing was changed.'
            : 'Checked. Nothing was changed.',
        ]
      : []),
    ...(result.kind === 'published' ? ['Published.'] : []),
  ];
}

/** What was read and which users it affects, without findings and next steps. */
export const describeSummary = (report: Report, holds: readonly Hold[] = []): string[] => [
  ...describeRead(report, true),
  ...describeEffects(report, holds),
];

function describeRead(report: Report, isCompared: boolean): string[] {
  const { accounts, changes } = report;
  const change = (kind: 'student' | 'employee', name: string) => {
    const { new: fresh, changed, unchanged, removed, address_changed, address_lost = 0 } = changes[kind];
    return `${name}: ${fresh} new, ${changed} changed (${address_changed} with another email, ${address_lost} without one now), ${unchanged} unchanged, ${removed} removed`;
  };
  return [
    ...describeFormat(report),
    `${describePeople(accounts)}; ${describeCount(report.schools, 'school')}, ${describeCount(report.classes, 'class', 'classes')}, ${describeCount(report.enrollments, 'enrollment')}`,
    ...describeNotKept(report),
    change('student', 'Students'),
    change('employee', 'Employees'),
    ...describeMembers(changes),
    ...describeEmptyClasses(report),
    ...(isCompared ? describeWithoutEmail(changes) : []),
  ];
}

const describeEffects = ({ changes }: Report, holds: readonly Hold[]): string[] => [
  ...describeLostAccess(changes),
  ...holds.flatMap(describeHold),
];

const memberNames = { class: 'Classes', enrollment: 'Enrollments' } as const;

const describeMembers = (changes: Report['changes']): string[] =>
  (['class', 'enrollment'] as const).flatMap((type) => {
    const { new: fresh, changed, unchanged, removed } = changes[type] ?? noMemberChanges;
    return fresh + changed + unchanged + removed === 0
      ? []
      : [`${memberNames[type]}: ${fresh} new, ${changed} changed, ${unchanged} unchanged, ${removed} removed`];
  });

const describeEmptyClasses = ({ classes, classes_without_students: empty = 0 }: Report): string[] =>
  empty === 0 ? [] : [`Classes without a student: ${empty} of ${classes}`];

/** Always present, even with zero counts. */
function describeWithoutEmail({ student, employee }: Report['changes']): string[] {
  const describe = (kind: Kind, { count, of } = noneWithoutEmail) => `${count} of ${of} ${kindNames[kind]}`;
  return [
    `Without an email to sign in with: ${describe('student', student.without_email)}, ${describe('employee', employee.without_email)}`,
  ];
}

/** Accounts that can no longer sign in have their own lines: describeLostAccess. */
function describeHold(hold: Hold): string[] {
  if (hold.code === 'too_many_removed_or_readdressed') return [];
  if (hold.code === 'too_many_gone')
    return [
      `There are ${hold.gone} ${memberNames[hold.kind].toLowerCase()} fewer than the ${hold.of} of the active roster.`,
    ];
  if (hold.code === 'too_many_without_students') return [`${hold.count} of ${hold.of} classes have no student.`];
  return [
    `${hold.count} of ${hold.of} ${kindNames[hold.kind]} have no email, ${hold.new} of them newly: they cannot sign in.`,
  ];
}

const formatTexts = {
  'oneroster-1.1': 'OneRoster CSV 1.1',
  'oneroster-1.2': 'OneRoster CSV 1.2',
  clever: 'Clever-style CSV',
  'summit-template': "Summit's roster template",
  template: "the bridge's roster template",
} satisfies Record<FormatName, string>;
const optionTexts = { provisioning: 'Roster Account Provisioning', full: 'Full Roster Integration' } as const;

const describeFormat = ({ format, option }: Report): string[] =>
  format === undefined
    ? []
    : [`Format: ${formatTexts[format]}${option === undefined ? '' : `, ${optionTexts[option]}`}`];

const describeNotKept = ({ not_kept }: Report): string[] =>
  not_kept === undefined
    ? []
    : [`Without an account: ${not_kept.inactive} who are not active, ${not_kept.guardians} guardians`];

/** Errors first; those of one kind in one column together, with the first of their places. */
const describeFindings = (list: readonly Finding[]): string[] => gatherFindings({ list }).map(describeGathered);

function describeGathered({ severity, file, sheet, column, places, text }: GatheredFindings): string {
  const where = [
    file,
    sheet === undefined ? undefined : `sheet ${sheet}`,
    places.length === 0 ? undefined : joinPlaces(places),
    column === undefined ? undefined : `column ${column}`,
  ];
  const all = where.filter((part) => part !== undefined && part !== '').join(', ');
  return `${severity === 'error' ? 'ERROR' : 'warning'}  ${all}: ${text}`;
}

/** `line 3`, `lines 3, 7, 9 and 12 more`. */
function joinPlaces(places: readonly string[]): string {
  const shown = places.slice(0, maxPlacesShown);
  const areLines = shown.length > 1 && shown.every((place) => /^line \d+$/.test(place));
  const listed = areLines ? `lines ${shown.map((place) => place.slice('line '.length)).join(', ')}` : shown.join(', ');
  return places.length > shown.length ? `${listed} and ${places.length - shown.length} more` : listed;
}
