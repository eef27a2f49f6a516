// Performs one action of staff through the use case that owns it, and returns the result.
import type { Districts } from '../district/district.ts';
import type { SwitchResult } from '../roster/activate-kept.ts';
import type { ReadDistrictRoster } from '../roster/district-roster.ts';
import type { Links } from '../roster/links.ts';
import { describeReach, type ReadDistrictReach } from './district-reach.ts';
import type { AuditContext, EndSessionsBecause, ReleaseLinks } from './ending-sessions.ts';
import type { EraseDistrict } from './erase-district.ts';
import type { MoveLinks } from './move-links.ts';
import type { PutDistrict } from './put-district.ts';
import type { RecordedPublisher } from './recorded-publisher.ts';
import { type ActionFacts, type ActionRefusal, noHolder, type StaffAction } from './staff-action.ts';

export type Performed =
  | {
      readonly kind: 'done';
      readonly facts: ActionFacts;
      readonly switched?: Extract<SwitchResult, { readonly kind: 'done' }>;
    }
  | { readonly kind: 'refused'; readonly code: ActionRefusal };

export type PerformAction = (districtId: string, action: StaffAction, auditContext: AuditContext) => Promise<Performed>;

interface PerformActionNeeds {
  readonly districts: Pick<Districts, 'find'>;
  readonly readDistrictRoster: ReadDistrictRoster;
  readonly links: Pick<Links, 'findHolder'>;
  readonly releaseLinks: ReleaseLinks;
  readonly moveLinks: Pick<MoveLinks, 'findHolder' | 'one'>;
  readonly endSessionsBecause: EndSessionsBecause;
  readonly recordedPublisher: Pick<RecordedPublisher, 'approve' | 'rollback'>;
  readonly putDistrict: PutDistrict;
  readonly eraseDistrict: EraseDistrict;
  readonly readDistrictReach: ReadDistrictReach;
}

export function createPerformAction(needs: PerformActionNeeds): PerformAction {
  return async (districtId, action, auditContext) => {
    switch (action.kind) {
      case 'release_link': {
        const { account, holder } = action;
        if (holder !== undefined && (await isHeldByOther(needs, districtId, account, holder)))
          return refused('link_changed_since');
        const isReleased = await needs.releaseLinks.ofAccount(districtId, account, auditContext);
        return isReleased ? done(await describeAccount(needs, districtId, account)) : refused('not_linked');
      }
      case 'release_links': {
        const reach = await needs.readDistrictReach(districtId);
        await needs.releaseLinks.ofDistrict(districtId, auditContext);
        return done(describeReach(reach));
      }
      case 'move_link':
        return move(needs, districtId, action, auditContext);
      case 'end_sessions': {
        const { account } = action;
        const facts =
          account === undefined
            ? { signed_in: (await needs.readDistrictReach(districtId)).signedIn }
            : await describeAccount(needs, districtId, account);
        return (await needs.endSessionsBecause(districtId, account, auditContext))
          ? done(facts)
          : refused('account_unknown');
      }
      case 'approve_roster':
      case 'roll_back_roster':
        return switchRoster(needs, districtId, action, auditContext);
      case 'put_district':
        return put(needs, action, auditContext);
      case 'remove_district':
        return remove(needs, districtId, auditContext);
    }
  };
}

const done = (facts: ActionFacts) => ({ kind: 'done', facts }) as const;
const refused = (code: ActionRefusal): Performed => ({ kind: 'refused', code });

/** An account in the audit log: its record and SIS id. Empty for an account that left the roster. */
export async function describeAccount(
  { readDistrictRoster }: Pick<PerformActionNeeds, 'readDistrictRoster'>,
  districtId: string,
  accountId: string,
): Promise<ActionFacts> {
  const account = await (await readDistrictRoster(districtId, 0)).find(accountId);
  return account === undefined ? {} : { record: account.record, sis_id: account.sisId };
}

/** False if no one holds it: a release that broke off is finished. */
async function isHeldByOther(
  { links, readDistrictRoster }: PerformActionNeeds,
  districtId: string,
  account: string,
  holder: string,
): Promise<boolean> {
  const now = await links.findHolder(await readDistrictRoster(districtId, 0), account);
  return now !== undefined && now !== holder;
}

async function move(
  { moveLinks }: PerformActionNeeds,
  districtId: string,
  { from, to, holder }: Extract<StaffAction, { kind: 'move_link' }>,
  auditContext: AuditContext,
): Promise<Performed> {
  if (holder !== undefined && ((await moveLinks.findHolder(districtId, from, to)) ?? noHolder) !== holder)
    return refused('link_changed_since');
  const moved = await moveLinks.one(districtId, from, to, auditContext);
  if (moved.kind !== 'refused') return done({ from: moved.from, to: moved.to });
  return refused(moved.code === 'account_unknown' || moved.code === 'not_linked' ? moved.code : 'link_not_moved');
}

async function switchRoster(
  { recordedPublisher }: PerformActionNeeds,
  districtId: string,
  { kind, method, generation }: Extract<StaffAction, { readonly kind: 'approve_roster' | 'roll_back_roster' }>,
  { by, reason, approvedBy }: AuditContext,
): Promise<Performed> {
  const verb = kind === 'approve_roster' ? 'approve' : 'rollback';
  const switched = await recordedPublisher[verb](districtId, method, by, reason || undefined, {
    approvedBy,
    generation,
  });
  if (switched.kind === 'refused') return refused(switched.code);
  const { accounts } = switched.report;
  return { ...done({ method, students: accounts.student, employees: employeesOf(accounts) }), switched };
}

const employeesOf = ({
  teacher,
  staff,
  administrator,
}: Readonly<Record<'teacher' | 'staff' | 'administrator', number>>) => teacher + staff + administrator;

async function put(
  { putDistrict }: PerformActionNeeds,
  { district }: Extract<StaffAction, { kind: 'put_district' }>,
  { by, reason, approvedBy }: AuditContext,
): Promise<Performed> {
  const result = await putDistrict(district, by, { approve: true, reason, approvedBy });
  if (result.kind !== 'done') return refused('clever_district_taken');
  const { student, employee } = result.removed.accounts;
  return done({ rostering: district.rostering.join(',') || 'none', students: student, employees: employee });
}

async function remove(
  { districts, eraseDistrict }: PerformActionNeeds,
  districtId: string,
  auditContext: AuditContext,
): Promise<Performed> {
  const district = await districts.find(districtId);
  if (district === undefined) return refused('district_unknown');
  const { accounts, links, attempts } = await eraseDistrict(district, auditContext);
  return done({ accounts, links, attempts });
}
