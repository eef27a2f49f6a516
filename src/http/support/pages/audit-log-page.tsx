// What staff looked at and did, newest first.

import type { CredentialNames } from '../../../admin/staff-entry-document.ts';
import type { StaffAuditEntry } from '../../../audit/audit-log.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { SupportLayout } from './support-layout.tsx';
import { Action, Timeline } from './timeline.tsx';

interface AuditLogPageProps {
  readonly session: StaffSession | undefined;
  readonly entries: readonly StaffAuditEntry[];
  readonly names: CredentialNames;
  /** Where the older ones are. */
  readonly next: string | undefined;
}

export function AuditLogPage({ session, entries, names, next }: AuditLogPageProps) {
  return (
    <SupportLayout title="Trail" session={session} here="trail">
      <h1>Who looked, who acted</h1>
      {entries.length === 0 && <p>Nothing yet.</p>}
      <Timeline
        entries={entries}
        describe={(entry) => (
          <>
            <Action entry={entry} /> by {describeWho(entry.by, names)}: {entry.why} <Subject entry={entry} />
          </>
        )}
      />
      {next && (
        <a class="button second" rel="next" href={next}>
          Older
        </a>
      )}
    </SupportLayout>
  );
}

function describeWho(by: string, names: CredentialNames): string {
  const name = names.get(by);
  return name === undefined ? by : `${name} (credential ${by})`;
}

function Subject({
  entry: { at, action, by, why, reference, district, ...facts },
}: {
  readonly entry: StaffAuditEntry;
}) {
  const rest = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return (
    <span class="quiet">
      {reference && <a href={`/support/attempts/${reference}`}>{reference}</a>}{' '}
      {district && <a href={`/support/districts/${district}`}>{district}</a>} {rest.join(', ')}
    </span>
  );
}
