// The upload page of a roster.
import type { PageContext } from '../page-context.ts';
import { Templates } from './templates.tsx';
import { UploadForm } from './upload-form.tsx';

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
