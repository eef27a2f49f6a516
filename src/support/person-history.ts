// The history of one user: last success, failures, effects of publishes on the account, changes of the link; and the
// same as JSON, without a name. Reads a bounded part of the newest and reports this.

import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { Account } from '../roster/account.ts';
import type { ChangeLog } from '../roster/change-log.ts';
import type { DistrictRoster, ReadDistrictRoster } from '../roster/district-roster.ts';
import type { Attempt } from './attempt.ts';
import { describeAttempt } from './attempt-document.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { AttemptFilter } from './attempt-names.ts';
import { type AttemptStates, stateOf } from './attempt-state.ts';
import type { FoundInRosters } from './find-in-rosters.ts';
import type { LastSuccess, LastSuccesses } from './last-success.ts';

/** At least one of the ids. */
export interface PersonKey {
  readonly district: string;
  readonly cleverId?: string | undefined;
  readonly account?: string | undefined;
}

export type PersonEvent =
  | { readonly kind: 'success'; readonly at: number }
  | { readonly kind: 'failure'; readonly at: number; readonly attempt: Attempt }
  | { readonly kind: 'roster'; readonly at: number; readonly op: 'put' | 'pass_on' | 'remove' }
  | { readonly kind: 'action'; readonly at: number; readonly entry: AuditEntry };

export interface PersonHistory {
  readonly key: PersonKey;
  /** The account as published now. */
  readonly account: Account | undefined;
  readonly lastSuccess: LastSuccess | undefined;
  /** The account that the Clever id is linked to: this one or another. */
  readonly linkedAccount: string | undefined;
  /** Without a link: the newest failure found this account by evidence. */
  readonly isMeant: boolean;
  /** Newest first. */
  readonly events: readonly PersonEvent[];
  /** Older roster changes were not searched. */
  readonly isCut: boolean;
}

interface HistoryNeeds {
  readonly attempts: Pick<AttemptLog, 'search'>;
  readonly changes: Pick<ChangeLog, 'readBack'>;
  readonly auditLog: Pick<AuditLog, 'list'>;
  readonly readDistrictRoster: ReadDistrictRoster;
  readonly lastSuccesses: Pick<LastSuccesses, 'read' | 'readOfAccount'>;
}

export type ReadPersonHistory = (key: PersonKey) => Promise<PersonHistory>;

const maxFailures = 50;
const maxBatches = 400;
const maxActions = 200;

export function createReadPersonHistory(needs: HistoryNeeds): ReadPersonHistory {
  const { attempts, changes, auditLog, readDistrictRoster, lastSuccesses } = needs;
  return async (key) => {
    const roster = await readDistrictRoster(key.district, 0);
    const lastSuccess = await lastSuccessOf(key);
    const asked = key.account === undefined ? undefined : await roster.find(key.account);
    const cleverId = key.cleverId ?? lastSuccess?.cleverId ?? givenId(asked);
    const linkedAccount = cleverId === undefined ? undefined : await linkOf(roster, cleverId);
    const ownFailures = cleverId === undefined ? [] : await failuresOf({ district: key.district, cleverId });
    const known = key.account ?? linkedAccount ?? lastSuccess?.account;
    const accountId = known ?? accountMeantBy(ownFailures);
    const account = accountId === undefined ? undefined : (asked ?? (await roster.find(accountId)));
    const others = accountId === undefined ? [] : await failuresOf({ district: key.district, account: accountId });
    const failures = [...new Map([...ownFailures, ...others].map((each) => [each.reference, each])).values()];
    const batches = accountId === undefined ? [] : await changes.readBack(key.district, undefined, maxBatches);
    const entries = await auditLog.list(key.district, maxActions);
    const events: PersonEvent[] = [
      ...(lastSuccess === undefined ? [] : [{ kind: 'success', at: lastSuccess.at } as const]),
      ...failures.map((attempt) => ({ kind: 'failure', at: attempt.at, attempt }) as const),
      ...batches.flatMap(({ cursor, differences }) =>
        differences
          .filter(({ type, id }) => type === 'account' && id === accountId)
          // A cursor begins with the time of appending.
          .map(({ op }) => ({ kind: 'roster', at: Number.parseInt(cursor, 10), op }) as const),
      ),
      ...entries
        // Of all accounts; older entries have null for this.
        .filter(
          ({ action, account: of }) =>
            /^(link_|sessions_)/.test(action) && (of === null || of === 'all' || of === accountId),
        )
        .map((entry) => ({ kind: 'action', at: entry.at, entry }) as const),
    ];
    return {
      key: { ...key, cleverId, account: accountId },
      account,
      lastSuccess,
      linkedAccount,
      isMeant: known === undefined && accountId !== undefined,
      events: events.sort((one, other) => other.at - one.at),
      isCut: batches.length === maxBatches,
    };
  };

  /** By a sign-in, or by the roster of a Secure Sync district, which is the link itself. */
  async function linkOf(roster: DistrictRoster, cleverId: string): Promise<string | undefined> {
    const linked = await roster.findLinkedAccountId(cleverId);
    return linked ?? (await roster.findByCleverId(cleverId))[0]?.accountId;
  }

  async function lastSuccessOf({ district, cleverId, account }: PersonKey): Promise<LastSuccess | undefined> {
    if (cleverId !== undefined) return (await lastSuccesses.read(district, [cleverId]))[0];
    return account === undefined ? undefined : lastSuccesses.readOfAccount(district, account);
  }

  async function failuresOf(filter: AttemptFilter): Promise<readonly Attempt[]> {
    return (await attempts.search(filter, undefined, maxFailures)).attempts;
  }
}

/** The record that the newest failure found by evidence. Codes that may be about another person's account give none. */
function accountMeantBy(failures: readonly Attempt[]): string | undefined {
  const [meant, second] = failures[0]?.about ?? [];
  const isOwn = failures[0]?.code === 'email_mismatch' || failures[0]?.code === 'account_inactive';
  return isOwn && second === undefined ? meant?.account : undefined;
}

const givenId = (account: Account | undefined): string | undefined =>
  account?.sources.find(({ cleverId }) => cleverId !== undefined)?.cleverId;

/** @param states of the failures */
export function describePerson(history: PersonHistory, states: AttemptStates) {
  const { key, account, lastSuccess, linkedAccount, events, isCut } = history;
  return {
    district: key.district,
    account: key.account ?? null,
    clever_id: key.cleverId ?? null,
    linked_account: linkedAccount ?? null,
    last_success: lastSuccess === undefined ? null : timeOf(lastSuccess.at),
    roster:
      account === undefined
        ? null
        : {
            record: account.record,
            role: account.role,
            position: account.position,
            sis_id: account.sisId,
            sources: account.sources.map(({ method, email, place }) => ({ method, email: email ?? null, place })),
          },
    events: events.map((event) => describeEvent(event, states)),
    /** False if older changes of the roster were not searched. */
    complete: !isCut,
  };
}

function describeEvent(event: PersonEvent, states: AttemptStates) {
  const { kind } = event;
  const at = timeOf(event.at);
  switch (event.kind) {
    case 'success':
      return { kind, at };
    case 'failure':
      return { kind, at, attempt: describeAttempt(event.attempt, stateOf(event.attempt, states)) };
    case 'roster':
      return { kind, at, change: changes[event.op] };
    case 'action':
      return { kind, at, action: event.entry.action, by: event.entry.by, reason: event.entry['reason'] ?? null };
  }
}

const changes = { put: 'brought_or_changed', pass_on: 'passed_on', remove: 'removed' } as const;

/** Users of the rosters without a matching attempt. */
export const describeFoundInRosters = ({ people, searched, of }: FoundInRosters) => ({
  people: people.map(({ district, account }) => ({
    district,
    account: account.accountId,
    record: account.record,
    sis_id: account.sisId,
    person: personPath(district, account.accountId),
  })),
  districts_searched: searched,
  districts: of,
});

const personPath = (district: string, account: string): string => `/support/districts/${district}/accounts/${account}`;

export const failuresOf = ({ events }: PersonHistory) =>
  events.flatMap((event) => (event.kind === 'failure' ? [event.attempt] : []));

const timeOf = (at: number): string => new Date(at).toISOString();
