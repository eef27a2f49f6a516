// Previews an approval or a rollback: compares the kept generation with the active one. Changes nothing.
import type { Method } from '../identity/candidate.ts';
import { compareToActive } from './compare-to-active.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import type { Report } from './report.ts';
import { generationName } from './table-register.ts';

export interface KeptComparison {
  /** Of the kept generation. */
  readonly report: Report;
  /** Milliseconds since the epoch: when it was staged or published. */
  readonly at: number;
}

/** Undefined if nothing is held, or nothing was published before. */
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
