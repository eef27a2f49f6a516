// Actions and page reads in the district, newest first. The names and reasons of Summit K12's staff are not shown.
import type { AuditEntry } from '../../../audit/audit-log.ts';
import { methodNames } from '../../support/pages/roster-feeds.tsx';
import { Action, Timeline } from '../../support/pages/timeline.tsx';
import type { DistrictPageContext } from '../district-access.ts';

interface ActivityPageProps {
  readonly context: DistrictPageContext;
  readonly entries: readonly AuditEntry[];
}

export const ActivityPage = ({ context, entries }: ActivityPageProps) =>
  context.frame(
    'Activity',
    <>
      <h1>What was done and viewed</h1>
      <p class="quiet">{context.district.name}, the newest first</p>
      <Timeline
        entries={entries}
        describe={(entry) => (
          <>
            {entry.action === 'district_page_read' ? <strong>page viewed</strong> : <Action entry={entry} />} by{' '}
            {describeWho(entry, context)} <span class="quiet">{describeFacts(entry)}</span>
          </>
        )}
      />
    </>,
  );

const programs: Readonly<Record<string, string>> = {
  command: 'Summit K12',
  sftp: 'the SFTP folder',
  clever: 'Clever',
  bridge: 'Summit K12',
};

function describeWho({ by, account }: AuditEntry, context: DistrictPageContext): string {
  if (by !== 'district') return programs[by] ?? 'Summit K12';
  return account === context.account ? 'you' : `another administrator of the district (account ${account})`;
}

const shownFacts = [
  'page',
  'method',
  'kind',
  'students',
  'employees',
  'new',
  'changed',
  'removed',
  'errors',
  'people',
] as const;

/** Pages as they are called there, by their names in the audit log. */
const pageNames: Readonly<Record<string, string>> = {
  home: 'sign-ins',
  mismatches: 'who cannot sign in',
  'publish report': 'report of the last roster',
  'check report': 'what a roster would change',
  preflight: 'Clever’s list',
  trail: 'activity',
};

const namesOfMethods: ReadonlyMap<string, string> = new Map(Object.entries(methodNames));

const describeFacts = (entry: AuditEntry): string =>
  shownFacts
    .flatMap((name) => {
      const value = entry[name];
      if (value === undefined) return [];
      if (name === 'page') return [pageNames[`${value}`] ?? `${value}`];
      if (name === 'method') return [namesOfMethods.get(`${value}`) ?? `${value}`];
      return [`${name} ${value}`];
    })
    .join(', ');
