// The last reports of a district's rosters: of the last publish by any route, and of the last check on a page. Sealed,
// in the district's partition. Findings name places, never values.
import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import type { Method } from '../identity/candidate.ts';
import { sealed, storedObject, storedWord } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Hold } from './guard.ts';
import type { PublishResult } from './publish.ts';
import type { Findings, Report } from './report.ts';
import type { RosterPublisher } from './roster-publisher.ts';

export interface LastReport {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: PublishResult['kind'];
  readonly report: Report;
  /** At most 2,000 of them, errors first; `counts` covers all. */
  readonly findings: Findings;
  readonly holds: readonly Hold[];
}

export type ReportOf = 'publish' | 'check';

export interface LastReports {
  read(districtId: string, method: Method, of: ReportOf): Promise<LastReport | undefined>;
  /** Stores the report of a check for a day. */
  keepCheck(districtId: string, method: Method, result: PublishResult): Promise<void>;
  /** Wraps the publisher to store the report of every publish, in the publish's own commit if it makes one. */
  keepReportsOf(publisher: RosterPublisher): RosterPublisher;
}

const maxFindings = 2_000;
const checkSeconds = 86_400;

const shape: z.ZodType<LastReport> = z.object({
  at: z.number(),
  kind: storedWord<PublishResult['kind']>(),
  report: storedObject<Report>(),
  findings: storedObject<Findings>(),
  holds: z.array(storedObject<Hold>()),
});

export function createLastReports(store: Store, vault: Vault, clock: () => number): LastReports {
  const reports = sealed(store, vault, shape);
  const addressOf = (districtId: string, method: Method, of: ReportOf): Address => ({
    partition: partitionOf(vault, districtId),
    id: `last-${of}.${method}`,
  });
  const write = (districtId: string, method: Method, of: ReportOf, result: PublishResult) =>
    reports.write(
      addressOf(districtId, method, of),
      reportOf(result, clock()),
      of === 'check' ? checkSeconds : undefined,
    );

  return {
    read: (districtId, method, of) => reports.read(addressOf(districtId, method, of)),
    async keepCheck(districtId, method, result) {
      await store.commit([], [write(districtId, method, 'check', result)]);
    },
    keepReportsOf: (publisher) => ({
      ...publisher,
      async publish(districtId, method, feed, options = {}) {
        if (options.dryRun) return publisher.publish(districtId, method, feed, options);
        const alongside = async (result: PublishResult) => {
          const given = await options.alongside?.(result);
          const own = write(districtId, method, 'publish', result);
          return { conditions: given?.conditions ?? [], writes: [...(given?.writes ?? []), own] };
        };
        const result = await publisher.publish(districtId, method, feed, { ...options, alongside });
        if (result.kind === 'refused') await store.commit([], [write(districtId, method, 'publish', result)]);
        return result;
      },
    }),
  };
}

function reportOf(result: PublishResult, at: number): LastReport {
  const { kind, report, findings } = result;
  const list = findings.list.toSorted((one, other) => one.severity.localeCompare(other.severity)).slice(0, maxFindings);
  return { at, kind, report, findings: { ...findings, list }, holds: 'holds' in result ? result.holds : [] };
}
