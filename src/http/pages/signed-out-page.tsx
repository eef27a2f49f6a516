// `/signed-out`: confirms the sign-out, and explains how to sign out of Clever too, which no application can do for the
// visitor.
import { texts } from '../../outcome/languages.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { door, Picture } from './pictures.tsx';

export function SignedOutPage({ frame }: { readonly frame: Frame }) {
  const { signedOut, logIn } = texts[frame.language].pages;
  return (
    <Layout frame={frame} title={signedOut.heading}>
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
