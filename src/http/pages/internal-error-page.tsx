// For a fault of our own: the words of service_unavailable, and nothing about the fault.
import type { Language } from '../language.ts';
import { problemTexts } from '../problem-texts.ts';
import { Layout } from './layout.tsx';
import { pageTexts } from './page-texts.ts';
import { OwnerPicture } from './pictures.tsx';

export function InternalErrorPage({ language }: { readonly language: Language }) {
  const { heading, what, steps } = problemTexts[language].codes.service_unavailable.unknown;
  const { refusal, tryAgain } = pageTexts[language];
  return (
    <Layout language={language} title={heading}>
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
