// Who will be able to sign in: the form for Clever's list, and the result.
import type { Row } from '../../../formats/csv/write-csv.ts';
import type { describePreflight } from '../../../preflight/preflight-report.ts';
import { untranslated } from '../../pages/untranslated.ts';
import type { PageContext } from '../page-context.ts';

export const PreflightPage = ({
  context,
  asksClever,
}: {
  readonly context: PageContext;
  readonly asksClever: boolean;
}) =>
  context.frame(
    'Check Clever’s list',
    <>
      <h1>Who will be able to sign in?</h1>
      <p>
        In Clever’s data browser, export your users as a CSV file and choose it here. Each person is looked up in your
        published roster, as at a sign-in. Nothing is changed, and the list is not kept.
      </p>
      <PreflightForm context={context} />
      {asksClever && (
        <form method="post" action={`${context.base}/preflight`} enctype="multipart/form-data">
          <input type="hidden" name="form" value={context.formToken} />
          <h2>Without a list</h2>
          <p>This district’s roster comes from Clever, so that Clever can be asked for its users now.</p>
          <button class="button second" type="submit" name="do" value="clever">
            Ask Clever
          </button>
        </form>
      )}
    </>,
  );

export const PreflightForm = ({ context }: { readonly context: PageContext }) => (
  <form class="upload" method="post" action={`${context.base}/preflight`} enctype="multipart/form-data">
    <input type="hidden" name="form" value={context.formToken} />
    <label for="list">List of users from Clever (CSV)</label>
    <input id="list" type="file" name="list" required accept=".csv" />
    <div class="actions">
      <button class="button" type="submit" name="do" value="page">
        Check the list
      </button>
      <button class="button second" type="submit" name="do" value="list">
        Download who will not get in
      </button>
    </div>
  </form>
);

interface PreflightResultProps {
  readonly context: PageContext;
  readonly found: ReturnType<typeof describePreflight>;
  /** The header first; at most some hundred users who will not be able to sign in. */
  readonly rows: readonly Row[];
}

export function PreflightResultPage({ context, found, rows: [header = [], ...rows] }: PreflightResultProps) {
  const cell = (row: Row, name: string) => row[header.indexOf(name)];
  const { checked, gets_in, refused, causes, findings } = found;
  return context.frame(
    'Who will get in',
    <>
      <h1>Who will be able to sign in?</h1>
      <p class={`note ${refused > 0 ? 'todo' : ''}`} role="status">
        <strong>
          {gets_in} of {checked} people at Clever will get in, {refused} will not.
        </strong>
      </p>
      {causes.length > 0 && <h2>Why not, the most frequent first</h2>}
      <ul>
        {causes.map(({ cause, count, message }) => (
          <li key={`${cause}${message}`}>
            {count === 1 ? '1 person' : `${count} people`}: {message}
          </li>
        ))}
      </ul>
      {findings.length > 0 && (
        <>
          <h2>About the list itself</h2>
          <ul>
            {findings.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </>
      )}
      {rows.length > 0 && (
        <>
          <h2>{refused > rows.length ? `The first ${rows.length} who will not get in` : 'Who will not get in'}</h2>
          <ul class="rows persons">
            {rows.map((row, index) => (
              <li key={`${index}`}>
                <strong {...untranslated}>
                  {cell(row, 'first_name')} {cell(row, 'last_name')}
                </strong>{' '}
                <span class="quiet">
                  {[cell(row, 'type'), cell(row, 'sis_ids') && `SIS id ${cell(row, 'sis_ids')}`]
                    .filter(Boolean)
                    .join(', ')}
                </span>
                <span class="addresses" {...untranslated}>
                  {`Clever: ${cell(row, 'email_in_clever') || 'no address'}\nRoster: ${cell(row, 'email_in_roster') || 'none'}`}
                </span>
                <span>{cell(row, 'what_to_do')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Check another list, or download who will not get in</h2>
      <PreflightForm context={context} />
    </>,
  );
}
