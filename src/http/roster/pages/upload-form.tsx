// The form for the files of a roster. Checking comes first; publishing follows after the findings were shown.
import type { SentBy } from '../../../formats/format.ts';
import { type PageContext, uploadMethods } from '../page-context.ts';

const labels: Readonly<Record<SentBy, string>> = {
  sftp: 'Files as for the SFTP folder: OneRoster CSV, or CSV as for Clever',
  manual: 'Spreadsheet: a filled-in template',
};

export function UploadForm({
  context,
  method,
}: {
  readonly context: PageContext;
  readonly method?: SentBy | undefined;
}) {
  const allowed = uploadMethods(context.district);
  const [only, second] = allowed;
  if (only === undefined)
    return <p>This district’s roster is read from Clever (Secure Sync). There is nothing to upload.</p>;
  return (
    <form class="upload" method="post" action={`${context.base}/rosters`} enctype="multipart/form-data">
      <input type="hidden" name="form" value={context.formToken} />
      {second === undefined ? (
        <input type="hidden" name="method" value={only} />
      ) : (
        <fieldset>
          <legend>What the files are</legend>
          {allowed.map((each) => (
            <label key={each} class="choice">
              <input type="radio" name="method" value={each} required checked={each === (method ?? only)} />
              {labels[each]}
            </label>
          ))}
        </fieldset>
      )}
      <label for="files">{second === undefined ? labels[only] : 'Files'}</label>
      <input
        id="files"
        type="file"
        name="files"
        multiple
        required
        accept=".csv,.zip,.xlsx"
        aria-describedby="files-hint"
      />
      <p class="quiet" id="files-hint">
        Choose all files of the roster together, or one ZIP file, or one spreadsheet. A file that is left out is missing
        from the roster.
      </p>
      <div class="actions">
        <button class="button" type="submit" name="do" value="check">
          Check what would change
        </button>
        <button class="button second" type="submit" name="do" value="publish">
          Publish without checking
        </button>
      </div>
      <p class="quiet">
        A check changes nothing. A roster that would lock out many people is held for Summit K12 to approve.
      </p>
    </form>
  );
}
