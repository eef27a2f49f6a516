// `/` for somebody who is not signed in.
import type { Language } from '../language.ts';
import { Layout } from './layout.tsx';
import { pageTexts } from './page-texts.ts';
import { SignInLink } from './sign-in-link.tsx';

export function HomePage({ language }: { readonly language: Language }) {
  const { home, logIn } = pageTexts[language];
  return (
    <Layout language={language} title={logIn}>
      <h1>{home.heading}</h1>
      <p>{home.what}</p>
      <SignInLink app={undefined} label={logIn} />
      <p class="quiet">{home.help}</p>
    </Layout>
  );
}
