// For an internal error: the text of service_unavailable, without anything about the error.

import { texts } from '../../outcome/languages.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { OwnerPicture } from './pictures.tsx';

export function InternalErrorPage({ frame }: { readonly frame: Frame }) {
  const { heading, what, steps } = texts[frame.language].codes.service_unavailable.child;
  const { refusal, tryAgain } = texts[frame.language].pages;
  return (
    <Layout frame={frame} title={heading}>
      <OwnerPicture owner="summit" name={refusal.pictures.summit} />
      <h1>{heading}</h1>
      <p>{what}</p>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <a class="button" href="/">
        {tryAgain}
      </a>
    </Layout>
  );
}
