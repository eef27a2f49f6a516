// Makes a stored generation active on request: the held one (approve), or the one before the active one (rollback).
// Compares it with the active one again, since that may have changed.
import type { Method } from '../identity/candidate.ts';
import type { Write } from '../store/store.ts';
import { compareToActive } from './compare-to-active.ts';
import { findHolds } from './guard.ts';
import { totalOf } from './lock-outs.ts';
import type { FeedState, Generation, SeenRoster } from './published-roster.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import type { Report } from './report.ts';
import { finishSwitch, switchGeneration } from './switch-generation.ts';
import { generationName } from './table-register.ts';

export type SwitchResult =
  | { readonly kind: 'done'; readonly generation: string; readonly report: Report }
  | { readonly kind: 'refused'; readonly code: 'nothing_held' | 'nothing_to_roll_back_to' | 'roster_changed_since' };

/** Writes for the commit of the switch. Called for each attempt. */
export type AlongsideSwitch = (switched: Extract<SwitchResult, { kind: 'done' }>) => readonly Write[];

/**
 * Makes the held generation active; refused if the active one is not the one it was compared with.
 * @param only the generation that was reviewed
 */
export async function approveHeld(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  alongside?: AlongsideSwitch,
  only?: string,
): Promise<SwitchResult> {
  const seen = await readFinished(needs, districtId);
  const { active, held } = seen.published.feeds[method] ?? {};
  if (held === undefined || !(await isThere(needs, districtId, method, held.generation)))
    return { kind: 'refused', code: 'nothing_held' };
  if (only !== undefined && held.generation.id !== only) return { kind: 'refused', code: 'roster_changed_since' };
  if (held.base !== active?.id) return { kind: 'refused', code: 'roster_changed_since' };
  const next = { active: { ...held.generation, at: needs.clock() }, former: active };
  const { report: reported } = held.generation;
  const report = (changes: Report['changes']) => ({ ...reported, changes });
  // A roster of another method may have been published meanwhile: only the reported changes were approved.
  const isFit = (changes: Report['changes']) => !locksOutMore(changes, reported.changes);
  const result = await activate(needs, { districtId, method, seen, next, report, isFit, alongside });
  return result ?? approveHeld(needs, districtId, method, alongside, only);
}

/** Makes the generation before the active one active again; only one is kept. A held roster stays held. */
export async function rollBack(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  alongside?: AlongsideSwitch,
  only?: string,
): Promise<SwitchResult> {
  const seen = await readFinished(needs, districtId);
  const { former, held } = seen.published.feeds[method] ?? {};
  if (former === undefined || !(await isThere(needs, districtId, method, former)))
    return { kind: 'refused', code: 'nothing_to_roll_back_to' };
  if (only !== undefined && former.id !== only) return { kind: 'refused', code: 'roster_changed_since' };
  const next = { active: former, ...(held === undefined ? {} : { held }) };
  const report = (changes: Report['changes']) => ({ ...former.report, changes });
  const result = await activate(needs, { districtId, method, seen, next, report, alongside });
  return result ?? rollBack(needs, districtId, method, alongside, only);
}

async function readFinished(needs: PublishingNeeds, districtId: string): Promise<SeenRoster> {
  await finishSwitch(needs, districtId);
  return needs.rosters.read(districtId, 0);
}

const isThere = ({ register }: PublishingNeeds, districtId: string, method: Method, { id }: Generation) =>
  register.isKept(districtId, generationName(method, id));

interface Activation {
  readonly districtId: string;
  readonly method: Method;
  readonly seen: SeenRoster;
  readonly next: FeedState & { readonly active: Generation };
  readonly report: (changes: Report['changes']) => Report;
  /** Whether it may be made active, after the new comparison. */
  readonly isFit?: (changes: Report['changes']) => boolean;
  readonly alongside: AlongsideSwitch | undefined;
}

/** Undefined if the roster was changed meanwhile: compare again. */
async function activate(
  needs: PublishingNeeds,
  { districtId, method, seen, next, report, isFit = () => true, alongside = () => [] }: Activation,
): Promise<SwitchResult | undefined> {
  const { outbox, changes } = await compareToActive(needs, seen, method, next.active.id);
  if (!isFit(changes)) {
    await outbox.drop();
    return { kind: 'refused', code: 'roster_changed_since' };
  }
  const result = { kind: 'done', generation: next.active.id, report: report(changes) } as const;
  const also = { conditions: [], writes: alongside(result) };
  return (await switchGeneration(needs, { districtId, method, seen, outbox, also }, next)) ? result : undefined;
}

/** Whether it locks out more users than reported and would be held. Reports of earlier versions may lack the counts. */
const locksOutMore = (changes: Report['changes'], reported: Report['changes']): boolean =>
  findHolds(changes).some(({ code, kind }) => {
    if (code !== 'too_many_removed_or_readdressed') return false;
    const [now, then] = [changes[kind].locked_out, reported[kind].locked_out];
    return now !== undefined && then !== undefined && totalOf(now) > totalOf(then);
  });

export interface KeptComparison {
  /** Of the kept generation. */
  readonly report: Report;
  /** Milliseconds since the epoch: when it was staged or published. */
  readonly at: number;
}

/**
 * Previews an approval or a rollback: compares the kept generation with the active one. Changes nothing. Undefined if
 * nothing is held, or nothing was published before.
 */
export async function compareKept(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  verb: 'approve' | 'rollback',
): Promise<KeptComparison | undefined> {
  const roster = await needs.rosters.read(districtId, 0);
  const feed = roster.published.feeds[method];
  const kept = verb === 'approve' ? feed?.held?.generation : feed?.former;
  if (kept === undefined || !(await needs.register.isKept(districtId, generationName(method, kept.id))))
    return undefined;
  const { changes, outbox } = await compareToActive(needs, roster, method, kept.id);
  await outbox.drop();
  return { report: { ...kept.report, changes }, at: kept.at };
}
