// The result of a check or a publish: one line, what changes, errors, then warnings, grouped.
import type { Method } from '../../../identity/candidate.ts';
import { type GatheredFindings, gatherFindings } from '../../../roster/gather-findings.ts';
import type { LastReport, ReportOf } from '../../../roster/last-report.ts';
import { describeSummary } from '../../../roster/report-text.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { methodNames } from '../../support/pages/roster-feeds.tsx';
import { Time } from '../../support/pages/time.tsx';
import { type PageContext, uploadMethods } from '../page-context.ts';
import { UploadForm } from './upload-page.tsx';

interface ReportPageProps {
  readonly context: PageContext;
  readonly method: Method;
  readonly of: ReportOf;
  readonly last: LastReport;
  /** The id of the checked files, while they are stored. */
  readonly kept: string | undefined;
}

export function ReportPage(props: ReportPageProps) {
  const { context, method, of, last, kept } = props;
  const title = of === 'check' ? 'What this roster would change' : 'Report of the last roster';
  const sent = uploadMethods(context.district).find((each) => each === method);
  return context.frame(
    title,
    <>
      <h1>{title}</h1>
      <p class="quiet">
        {context.district.name} · {methodNames[method]} · <Time at={last.at} />
      </p>
      <Result context={context} method={method} last={last} />
      {kept !== undefined && sent !== undefined && (
        <form method="post" action={`${context.base}/rosters/${method}/publish`}>
          <input type="hidden" name="form" value={context.formToken} />
          <input type="hidden" name="upload" value={kept} />
          <button class="button" type="submit">
            Publish these files
          </button>
        </form>
      )}
      {last.kind === 'refused' && <Errors {...props} />}
      <h2>What {last.kind === 'checked' ? 'would change' : 'was read'}</h2>
      <ul>
        {describeSummary(last.report, last.holds).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {last.kind !== 'refused' && <Errors {...props} />}
      {sent !== undefined && last.kind !== 'published' && (
        <>
          <h2>Corrected? Upload the files again</h2>
          <UploadForm context={context} method={sent} />
        </>
      )}
    </>,
  );
}

function Errors({ context, method, of, last }: ReportPageProps) {
  const gathered = gatherFindings(last.findings);
  return (
    <>
      <h2>{gathered.length === 0 ? 'No errors, no warnings' : 'Errors and warnings'}</h2>
      {gathered.length > 0 && (
        <>
          <p>
            <a class="onward" href={`${context.base}/rosters/${method}/${of === 'check' ? 'check' : 'report'}.csv`}>
              The report as a file (CSV)
            </a>
          </p>
          <FindingsList gathered={gathered} last={last} />
        </>
      )}
    </>
  );
}

function Result({
  context,
  method,
  last: { kind, findings, holds },
}: {
  context: PageContext;
  method: Method;
  last: LastReport;
}) {
  switch (kind) {
    case 'published':
      return (
        <p class="note" role="status">
          <strong>Published.</strong> It is in force now.
        </p>
      );
    case 'refused':
      return (
        <p class="note todo" role="status">
          <strong>Not published: {findings.errors === 1 ? '1 error' : `${findings.errors} errors`}.</strong> Nothing was
          changed. Correct the errors below and upload the files again.
        </p>
      );
    case 'held':
      return (
        <p class="note todo" role="status">
          <strong>Held.</strong> This roster would keep many people out or lacks much, as said below, so the one before
          it stays.{' '}
          {context.isStaff ? (
            <a href={`${context.base}/rosters/${method}/approve`}>See who is affected, and approve it</a>
          ) : (
            'If it is right, ask Summit K12 support to approve it; if not, upload the corrected files.'
          )}
        </p>
      );
    case 'checked':
      return (
        <p class={`note ${holds.length > 0 ? 'todo' : ''}`} role="status">
          <strong>Checked. Nothing was changed.</strong>{' '}
          {holds.length > 0
            ? 'Published, it would be held, for what is said below. Summit K12 has to approve such a roster.'
            : 'Published, it would be in force at once.'}
        </p>
      );
  }
}

const maxPlaces = 12;

function FindingsList({
  gathered,
  last,
}: {
  readonly gathered: readonly GatheredFindings[];
  readonly last: LastReport;
}) {
  const listed = new Map<string, number>();
  for (const { code, places } of gathered) listed.set(code, (listed.get(code) ?? 0) + Math.max(1, places.length));
  return (
    <ol class="rows findings">
      {gathered.map(({ severity, code, file, sheet, column, places, text }) => (
        <li key={`${code}${file}${sheet}${column}${text}`}>
          <span class={`badge ${severity === 'error' ? 'open' : ''}`}>
            {severity === 'error' ? 'Error' : 'Warning'}
          </span>
          <span class="what">
            <strong {...untranslated}>
              {[file, sheet && `sheet ${sheet}`, column && `column ${column}`].filter(Boolean).join(', ')}
            </strong>
            : {text}
            {places.length > 0 && (
              <span class="quiet">
                {' '}
                {places.length > 1 ? `${places.length} times: ` : ''}
                {places.slice(0, maxPlaces).join(', ')}
                {places.length > maxPlaces && ` and ${places.length - maxPlaces} more in the report file`}
              </span>
            )}
          </span>
        </li>
      ))}
      {Object.entries(last.findings.counts)
        .filter(([code, count]) => count > (listed.get(code) ?? 0))
        .map(([code, count]) => (
          <li key={code} class="quiet">
            {code.replaceAll('_', ' ')}: {count} in all
          </li>
        ))}
    </ol>
  );
}
