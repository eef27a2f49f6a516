// All actions of staff on a district, from every page and route: done at once or, with STAFF_FOUR_EYES, requested by
// one person and done when a second one approves. docs/adr/0043.
import { randomBytes } from 'node:crypto';
import type { Actor, StaffAuditEntry, StaffAuditLog } from '../audit/audit-log.ts';
import type { ReadDistrictRoster } from '../roster/district-roster.ts';
import type { Links } from '../roster/links.ts';
import { describeReach, type ReadDistrictReach } from './district-reach.ts';
import { type KeptAction, type KeptActions, waitSeconds } from './kept-actions.ts';
import type { MoveLinks } from './move-links.ts';
import { describeAccount, type PerformAction, type Performed } from './perform-action.ts';
import {
  type ActionFacts,
  type ActionRefusal,
  isSamePerson,
  needsSecondPerson,
  noHolder,
  type StaffAction,
  subjectOf,
} from './staff-action.ts';

export type Requested =
  /** `id` if it was stored. */
  | (Extract<Performed, { readonly kind: 'done' }> & { readonly id: string | undefined })
  | { readonly kind: 'waiting'; readonly kept: KeptAction }
  | { readonly kind: 'refused'; readonly code: ActionRefusal | 'too_many_waiting' };

export type Decided =
  /** Done, refused, declined or withdrawn: see its state. */
  { readonly kind: 'ended'; readonly kept: KeptAction } | { readonly kind: 'refused'; readonly code: DecisionRefusal };

export type DecisionRefusal = 'request_unknown' | 'request_expired' | 'second_person_needed' | 'request_decided';

interface RequestOptions {
  /** May be empty only for actions that are done at once. */
  readonly reason: string;
  /** Of the attempt from which it was requested. */
  readonly reference?: string | undefined;
  /** Also stores an action done at once, so that its page can be reloaded. */
  readonly isKept?: boolean;
}

export interface StaffActions {
  readonly hasFourEyes: boolean;
  /** Whether the action waits for a second person. */
  readonly waits: (action: StaffAction) => boolean;
  /** A repeated request returns the one that already waits in the district. */
  request(districtId: string, action: StaffAction, actor: Actor, options: RequestOptions): Promise<Requested>;
  find: KeptActions['find'];
  listWaiting: KeptActions['listWaiting'];
  /** Does it in the requester's name. Scope admin only, and never by the requester. */
  approve(districtId: string, id: string, actor: Actor): Promise<Decided>;
  /** By another admin, or withdrawn by the requester. */
  decline(districtId: string, id: string, actor: Actor, reason: string): Promise<Decided>;
}

interface StaffActionsNeeds {
  /** STAFF_FOUR_EYES. */
  readonly hasFourEyes: boolean;
  readonly keptActions: KeptActions;
  readonly perform: PerformAction;
  readonly readDistrictRoster: ReadDistrictRoster;
  readonly links: Pick<Links, 'findHolder'>;
  readonly moveLinks: Pick<MoveLinks, 'findHolder'>;
  readonly readDistrictReach: ReadDistrictReach;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** In all districts, and per requester: a program in a loop must not block the requests of others. */
const maxWaiting = 200;
const maxOfOne = 50;

/** An interrupted approval can be repeated after this time. */
const approvalMs = 60_000;

export function createStaffActions(needs: StaffActionsNeeds): StaffActions {
  const { hasFourEyes, keptActions, perform } = needs;
  const waits = (action: StaffAction) => hasFourEyes && needsSecondPerson(action);
  return {
    hasFourEyes,
    waits,
    find: keptActions.find,
    listWaiting: keptActions.listWaiting,
    async request(districtId, action, actor, options) {
      if (waits(action)) return ask(needs, districtId, action, actor, options);
      const performed = await perform(districtId, action, { by: actor.by, reason: options.reason });
      if (performed.kind === 'refused') return performed;
      const { id, ...kept } = createKept(needs, districtId, action, actor, options);
      if (options.isKept) await keptActions.keepEnded({ ...kept, id, state: 'done', facts: performed.facts });
      return { ...performed, id: options.isKept ? id : undefined };
    },
    approve: (districtId, id, actor) => approve(needs, districtId, id, actor),
    decline: (districtId, id, actor, reason) => decline(needs, districtId, id, actor, reason),
  };
}

function createKept(
  { clock }: StaffActionsNeeds,
  district: string,
  action: StaffAction,
  { by, identities }: Actor,
  { reason, reference }: RequestOptions,
): KeptAction {
  const [id, at] = [randomBytes(16).toString('hex'), clock()];
  const waitsUntil = at + waitSeconds * 1000;
  return { id, district, action, by, identities, reason, at, waitsUntil, reference, state: 'waiting', facts: {} };
}

async function ask(
  needs: StaffActionsNeeds,
  districtId: string,
  asked: StaffAction,
  actor: Actor,
  options: RequestOptions,
): Promise<Requested> {
  const prepared = await prepare(needs, districtId, asked);
  if (prepared.kind === 'refused') return prepared;
  const { action, facts } = prepared;
  const made = { ...createKept(needs, districtId, action, actor, options), facts };
  const isSame = (kept: KeptAction) =>
    kept.district === districtId && JSON.stringify(kept.action) === JSON.stringify(action) && isOpen(needs, kept);
  const kept = await needs.keptActions.change<KeptAction | undefined>((waiting) => {
    const before = waiting.find(isSame);
    if (before !== undefined) return { value: before };
    const open = waiting.filter((each) => isOpen(needs, each));
    const isFull = open.length >= maxWaiting || open.filter((each) => isSamePerson(each, actor)).length >= maxOfOne;
    return isFull ? { value: undefined } : { next: [...waiting, made], value: made };
  });
  if (kept === undefined) return { kind: 'refused', code: 'too_many_waiting' };
  if (kept === made) await note(needs, made, 'second_person_asked', actor.by, made.reason);
  return { kind: 'waiting', kept };
}

const isOpen = ({ clock }: StaffActionsNeeds, { state, waitsUntil }: KeptAction): boolean =>
  (state === 'waiting' || state === 'approved') && waitsUntil > clock();

type Prepared =
  | { readonly kind: 'prepared'; readonly action: StaffAction; readonly facts: ActionFacts }
  | { readonly kind: 'refused'; readonly code: ActionRefusal };

/** Refuses a request that would fail now, and binds the others to what was reviewed. */
async function prepare(needs: StaffActionsNeeds, districtId: string, action: StaffAction): Promise<Prepared> {
  const refused = (code: ActionRefusal): Prepared => ({ kind: 'refused', code });
  const prepared = (facts: ActionFacts, bound = action): Prepared => ({ kind: 'prepared', action: bound, facts });
  if (action.kind === 'release_link') {
    const roster = await needs.readDistrictRoster(districtId, 0);
    const holder = await needs.links.findHolder(roster, action.account);
    return holder === undefined
      ? refused('not_linked')
      : prepared(await describeAccount(needs, districtId, action.account), { ...action, holder });
  }
  if (action.kind === 'move_link') {
    const holder = await needs.moveLinks.findHolder(districtId, action.from, action.to);
    return prepared({}, { ...action, holder: holder ?? noHolder });
  }
  if (action.kind === 'approve_roster' || action.kind === 'roll_back_roster') {
    const isApproval = action.kind === 'approve_roster';
    const { held, former } = (await needs.readDistrictRoster(districtId, 0)).published.feeds[action.method] ?? {};
    const generation = isApproval ? held?.generation : former;
    if (generation === undefined) return refused(isApproval ? 'nothing_held' : 'nothing_to_roll_back_to');
    return prepared({ method: action.method }, { ...action, generation: generation.id });
  }
  if (action.kind === 'release_links' || action.kind === 'remove_district')
    return prepared(describeReach(await needs.readDistrictReach(districtId)));
  return prepared({});
}

async function approve(needs: StaffActionsNeeds, districtId: string, id: string, actor: Actor): Promise<Decided> {
  const isInterrupted = ({ state, decision }: KeptAction) =>
    state === 'approved' && (decision?.at ?? 0) + approvalMs <= needs.clock();
  const claimed = await claim(needs, districtId, id, (kept) => {
    if (isSamePerson(kept, actor) || actor.scope !== 'admin') return 'second_person_needed';
    if (kept.state !== 'waiting' && !isInterrupted(kept)) return 'request_decided';
    return { ...kept, state: 'approved', decision: { by: actor.by, at: needs.clock() } };
  });
  if (typeof claimed === 'string') return { kind: 'refused', code: claimed };
  // Recorded before it is done: what cannot be recorded is not done.
  await note(needs, claimed, 'second_person_approved', actor.by, claimed.reason);
  const said = { by: claimed.by, reason: claimed.reason, approvedBy: actor.by };
  const performed = await needs.perform(districtId, claimed.action, said);
  const kept: KeptAction =
    performed.kind === 'done'
      ? { ...claimed, state: 'done', facts: { ...claimed.facts, ...performed.facts } }
      : { ...claimed, state: 'refused', refusal: performed.code };
  await needs.keptActions.keepEnded(kept);
  return { kind: 'ended', kept };
}

async function decline(
  needs: StaffActionsNeeds,
  districtId: string,
  id: string,
  actor: Actor,
  reason: string,
): Promise<Decided> {
  const claimed = await claim(needs, districtId, id, (kept) => {
    const isOwn = isSamePerson(kept, actor);
    if (!isOwn && actor.scope !== 'admin') return 'second_person_needed';
    if (kept.state !== 'waiting') return 'request_decided';
    const decision = { by: actor.by, at: needs.clock(), reason };
    return { ...kept, state: isOwn ? 'withdrawn' : 'declined', decision };
  });
  if (typeof claimed === 'string') return { kind: 'refused', code: claimed };
  const action = claimed.state === 'withdrawn' ? 'second_person_withdrawn' : 'second_person_declined';
  await note(needs, claimed, action, actor.by, reason);
  await needs.keptActions.keepEnded(claimed);
  return { kind: 'ended', kept: claimed };
}

/** Of two concurrent decisions one wins; the other one gets `request_decided`. */
async function claim(
  needs: StaffActionsNeeds,
  districtId: string,
  id: string,
  decide: (kept: KeptAction) => KeptAction | DecisionRefusal,
): Promise<KeptAction | DecisionRefusal> {
  const now = needs.clock();
  const claimed = await needs.keptActions.change<KeptAction | DecisionRefusal>((waiting) => {
    const kept = waiting.find((each) => each.id === id && each.district === districtId);
    if (kept === undefined) return { value: 'request_unknown' };
    if (kept.waitsUntil <= now) return { value: 'request_expired' };
    const decided = decide(kept);
    if (typeof decided === 'string') return { value: decided };
    return { next: waiting.map((each) => (each.id === id ? decided : each)), value: decided };
  });
  if (claimed !== 'request_unknown') return claimed;
  return (await needs.keptActions.find(districtId, id)) === undefined ? claimed : 'request_decided';
}

const note = (
  { staffAuditLog, clock }: StaffActionsNeeds,
  { district, action, id }: KeptAction,
  what: StaffAuditEntry['action'],
  by: string,
  why: string,
) =>
  staffAuditLog.record({
    action: what,
    at: clock(),
    by,
    why,
    district,
    ...subjectOf(action),
    request: id,
    asked_for: action.kind,
  });
