// Where a roster is uploaded.
import type { Desk } from '../desk.ts';
import { Templates } from './templates.tsx';
import { UploadForm } from './upload-form.tsx';

export const UploadPage = ({ desk }: { readonly desk: Desk }) =>
  desk.frame(
    'Upload a roster',
    <>
      <h1>Upload a roster</h1>
      <p class="quiet">{desk.district.name}</p>
      <UploadForm desk={desk} />
      <h2>Templates</h2>
      <Templates base={desk.isStaff ? '/admin' : desk.base} />
    </>,
  );
