// `/signed-out`: says that it is done, and how to leave Clever too, which no application can do for its visitor.
import type { Language } from '../language.ts';
import { Layout } from './layout.tsx';
import { pageTexts } from './page-texts.ts';
import { door, Picture } from './pictures.tsx';

export function SignedOutPage({ language }: { readonly language: Language }) {
  const { signedOut, logIn } = pageTexts[language];
  return (
    <Layout language={language} title={signedOut.heading}>
      <Picture name={signedOut.picture}>{door}</Picture>
      <h1>{signedOut.heading}</h1>
      <p>{signedOut.what}</p>
      <h2>{signedOut.sharedHeading}</h2>
      <p>{signedOut.sharedWhy}</p>
      <ol>
        {signedOut.sharedSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div class="actions">
        <a class="button" href="https://clever.com/">
          {signedOut.leaveClever}
        </a>
        <a class="button second" href="/login">
          {logIn}
        </a>
      </div>
    </Layout>
  );
}
