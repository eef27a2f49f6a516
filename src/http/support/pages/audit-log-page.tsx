// What staff read and did, newest first.

import type { CredentialNames } from '../../../admin/staff-entry-document.ts';
import type { StaffAuditEntry } from '../../../audit/audit-log.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { FormToken, SupportLayout } from './support-layout.tsx';
import { Action, Timeline } from './timeline.tsx';

interface AuditLogPageProps {
  readonly session: StaffSession | undefined;
  readonly entries: readonly StaffAuditEntry[];
  readonly names: CredentialNames;
  readonly asked: { readonly action: string; readonly by: string; readonly day: string };
  /** The day is none. */
  readonly isWrongDay?: boolean;
  /** The link to older entries. */
  readonly next: string | undefined;
}

export function AuditLogPage({ session, entries, names, asked, isWrongDay = false, next }: AuditLogPageProps) {
  const isAll = Object.values(asked).every((value) => value === '');
  return (
    <SupportLayout title="Audit log" session={session} here="trail">
      <h1>Audit log: who viewed what, who did what</h1>
      <FilterForm
        session={session}
        asked={asked}
        isWrongDay={isWrongDay}
        who={entries[0] && describeWho(entries[0].by, names)}
      />
      {entries.length === 0 && !isWrongDay && <p>{nothingText(isAll, next !== undefined)}</p>}
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
          {entries.length === 0 ? 'Look further back' : 'Older'}
        </a>
      )}
    </SupportLayout>
  );
}

function nothingText(isAll: boolean, isMore: boolean): string {
  if (isAll) return 'Nothing yet.';
  return isMore ? 'Nothing like this among the newest 5,000 entries.' : 'Nothing like this is kept.';
}

interface FilterFormProps extends Pick<AuditLogPageProps, 'session' | 'asked' | 'isWrongDay'> {
  /** Whose entries are shown. */
  readonly who: string | undefined;
}

/** Posted, because the filter may be an address. */
function FilterForm({ session, asked: { action, by, day }, isWrongDay, who }: FilterFormProps) {
  return (
    <form class="fields" method="post" action="/support/trail">
      <FormToken session={session} />
      {by !== '' && <input type="hidden" name="by" value={by} />}
      <div>
        <label for="action">What</label>
        <select id="action" name="action">
          <option value="">everything</option>
          {actions.map((each) => (
            <option key={each} value={each} selected={each === action}>
              {words(each)}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="who">Who</label>
        <input
          id="who"
          name="who"
          type="text"
          autocomplete="off"
          spellcheck={false}
          aria-describedby="who-hint"
          maxLength={320}
        />
      </div>
      <div>
        <label for="day">Day</label>
        {isWrongDay ? (
          <>
            <input id="day" name="day" type="text" value={day} aria-invalid="true" aria-describedby="day-hint" />
            <p class="wrong" id="day-hint" role="alert">
              A day, such as 10/3/2026 or yesterday.
            </p>
          </>
        ) : (
          <input id="day" name="day" type="date" value={day} />
        )}
      </div>
      <div>
        <button class="button" type="submit">
          Show
        </button>
      </div>
      <p class="quiet whole" id="who-hint">
        Who is an address of staff, the name of a credential, command or district.{' '}
        {by !== '' && `Shown: only ${who ?? 'one person'}. `}
        {(by !== '' || action !== '' || day !== '') && <a href="/support/trail">Show everything</a>}
      </p>
    </form>
  );
}

const listed = {
  attempt_read: true,
  attempts_searched: true,
  attempts_exported: true,
  attempts_purged: true,
  person_read: true,
  incident_read: true,
  mismatches_exported: true,
  link_released: true,
  links_released: true,
  link_moved: true,
  links_moved: true,
  sessions_ended: true,
  roster_approved: true,
  roster_rolled_back: true,
  roster_retired: true,
  second_person_asked: true,
  second_person_approved: true,
  second_person_declined: true,
  second_person_withdrawn: true,
  roster_published: true,
  roster_held: true,
  roster_refused: true,
  roster_checked: true,
  preflight_made: true,
  report_exported: true,
  template_read: true,
  district_page_read: true,
  district_put: true,
  district_removed: true,
  district_synced: true,
  credential_created: true,
  credential_revoked: true,
  client_put: true,
  client_rotated: true,
  client_removed: true,
  keys_rotated: true,
  keys_replaced: true,
  settings_changed: true,
  store_backed_up: true,
  store_restored: true,
  store_move_begun: true,
  store_moved: true,
  store_move_undone: true,
  account_ids_restored: true,
  vectors_made: true,
  signed_in: true,
  signed_out: true,
} as const satisfies Record<StaffAuditEntry['action'], true>;
const actions = Object.keys(listed);
export const isListedAction = (action: string): boolean => Object.hasOwn(listed, action);

function describeWho(by: string, names: CredentialNames): string {
  const name = names.get(by);
  return name === undefined ? by : `${name} (credential ${by})`;
}

const words = (name: string): string => name.replaceAll('_', ' ');

/** More facts, such as all settings of a server, are collapsed. */
const maxInLine = 8;

function Subject({
  entry: { at, action, by, why, reference, district, request, incident, ...facts },
}: {
  readonly entry: StaffAuditEntry;
}) {
  const rest = Object.entries(facts)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${words(name)} ${name === 'asked_for' ? words(`${value}`) : value}`);
  if (rest.length > maxInLine)
    return (
      <details class="quiet">
        <summary>{rest.length} facts</summary>
        <ul>
          {rest.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      </details>
    );
  return (
    <span class="quiet">
      {reference && <a href={`/support/attempts/${reference}`}>{reference}</a>}{' '}
      {district && <a href={`/support/districts/${district}`}>{district}</a>}{' '}
      {incident && <a href={`/support/incidents/${incident}`}>the incident</a>}{' '}
      {district && request && <a href={`/support/districts/${district}/actions/${request}`}>the request</a>}{' '}
      {rest.join(', ')}
    </span>
  );
}
