// The upload page of a roster: the form for its files, the templates, and the page of an error.

import type { ComponentChildren } from 'preact';
import type { SentBy } from '../../../formats/format.ts';
import type { TemplateKind } from '../../../formats/templates.ts';
import { type PageContext, uploadMethods } from '../page-context.ts';

export const UploadPage = ({ context }: { readonly context: PageContext }) =>
  context.frame(
    'Upload a roster',
    <>
      <h1>Upload a roster</h1>
      <p class="quiet">{context.district.name}</p>
      <UploadForm context={context} />
      <h2>Templates</h2>
      <Templates base={context.isStaff ? '/admin' : context.base} />
    </>,
  );

const labels: Readonly<Record<SentBy, string>> = {
  sftp: 'Files as for the SFTP folder: OneRoster CSV, or CSV as for Clever',
  manual: 'Spreadsheet: a filled-in template',
};

/** Checking comes first; publishing follows after the findings were shown. */
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

interface ProblemPageProps {
  readonly context: PageContext;
  readonly text: string;
  /** The form again, where another try may succeed. */
  readonly form: ComponentChildren;
}

/** An error, the form again, and a link back. */
export const ProblemPage = ({ context, text, form }: ProblemPageProps) =>
  context.frame(
    'This could not be done',
    <>
      <h1>This could not be done</h1>
      <p class="note todo" role="alert">
        {text}
      </p>
      {form}
      <p>
        <a class="onward" href={context.base}>
          Back to {context.district.name}
        </a>
      </p>
    </>,
  );

/** The workbooks that a district fills in by hand. */
const templateNames: Readonly<Record<TemplateKind, string>> = {
  bridge: 'Whole roster: students, teachers, administrators, classes',
  student: 'Student Roster Template of Summit K12',
  staff: 'Admin and Teacher Roster Template of Summit K12',
};

export const Templates = ({ base }: { readonly base: string }) => (
  <ul class="rows places">
    {Object.entries(templateNames).map(([kind, name]) => (
      <li key={kind}>
        <a href={`${base}/templates/${kind}.xlsx`}>{name}</a>
        <span class="quiet">Excel workbook</span>
      </li>
    ))}
  </ul>
);
