// Makes a generation active that is there already, on somebody's word: the held one (approve), or the one before the
// active (rollback). Both are compared with what is active now, since what they change is no longer what it was.
import type { Method } from '../identity/candidate.ts';
import type { Write } from '../store/store.ts';
import type { PublishingNeeds } from './aftermath.ts';
import { compareToActive } from './compare-to-active.ts';
import type { Report } from './report.ts';
import type { FeedStanding, Generation, SeenStanding } from './standing.ts';
import { finishSwitch, switchGeneration } from './switch-generation.ts';
import { generationName } from './table-register.ts';

export type SwitchResult =
  | { readonly kind: 'done'; readonly generation: string; readonly report: Report }
  | { readonly kind: 'refused'; readonly code: 'nothing_held' | 'nothing_to_roll_back_to' | 'roster_changed_since' };

/** What is written in the commit that switches. Asked for each try. */
export type AlongsideSwitch = (switched: Extract<SwitchResult, { kind: 'done' }>) => readonly Write[];

/** Makes the held generation active; refused if another than it was compared with is active now. */
export async function approveHeld(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  alongside?: AlongsideSwitch,
): Promise<SwitchResult> {
  const seen = await lookAt(needs, districtId);
  const { active, held } = seen.standing.feeds[method] ?? {};
  if (held === undefined || !(await isThere(needs, districtId, method, held.generation)))
    return { kind: 'refused', code: 'nothing_held' };
  if (held.base !== active?.id) return { kind: 'refused', code: 'roster_changed_since' };
  const next = { active: { ...held.generation, at: needs.clock() }, former: active };
  const report = () => held.generation.report;
  const result = await activate(needs, { districtId, method, seen, next, report, alongside });
  return result ?? approveHeld(needs, districtId, method, alongside);
}

/** Makes the generation before the active one active again; there is none before that. What is held stays held. */
export async function rollBack(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  alongside?: AlongsideSwitch,
): Promise<SwitchResult> {
  const seen = await lookAt(needs, districtId);
  const { former, held } = seen.standing.feeds[method] ?? {};
  if (former === undefined || !(await isThere(needs, districtId, method, former)))
    return { kind: 'refused', code: 'nothing_to_roll_back_to' };
  const next = { active: former, ...(held === undefined ? {} : { held }) };
  const report = (changes: Report['changes']) => ({ ...former.report, changes });
  const result = await activate(needs, { districtId, method, seen, next, report, alongside });
  return result ?? rollBack(needs, districtId, method, alongside);
}

async function lookAt(needs: PublishingNeeds, districtId: string): Promise<SeenStanding> {
  await finishSwitch(needs, districtId);
  return needs.standings.read(districtId, 0);
}

const isThere = ({ register }: PublishingNeeds, districtId: string, method: Method, { id }: Generation) =>
  register.isKept(districtId, generationName(method, id));

interface Activation {
  readonly districtId: string;
  readonly method: Method;
  readonly seen: SeenStanding;
  readonly next: FeedStanding & { readonly active: Generation };
  readonly report: (changes: Report['changes']) => Report;
  readonly alongside: AlongsideSwitch | undefined;
}

/** Undefined if somebody changed the roster meanwhile: then it must be looked at again. */
async function activate(
  needs: PublishingNeeds,
  { districtId, method, seen, next, report, alongside = () => [] }: Activation,
): Promise<Extract<SwitchResult, { kind: 'done' }> | undefined> {
  const { book, changes } = await compareToActive(needs, districtId, method, seen.standing, next.active.id);
  const result = { kind: 'done', generation: next.active.id, report: report(changes) } as const;
  const also = { conditions: [], writes: alongside(result) };
  return (await switchGeneration(needs, { districtId, method, seen, book, also }, next)) ? result : undefined;
}
