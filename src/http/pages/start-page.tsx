// Answers a launch without state where CLEVER_STATELESS is "reject": one press starts a sign-in of our own.
import type { App } from '../../sign-in/outcome.ts';
import type { Language } from '../language.ts';
import { Layout } from './layout.tsx';
import { pageTexts } from './page-texts.ts';
import { OwnerPicture } from './pictures.tsx';
import { SignInLink } from './sign-in-link.tsx';

export interface StartPageProps {
  readonly app: App;
  readonly language: Language;
}

export function StartPage({ app, language }: StartPageProps) {
  const { start, logIn, refusal } = pageTexts[language];
  return (
    <Layout language={language} title={start.heading}>
      <OwnerPicture owner="user" name={refusal.pictures.user} />
      <h1>{start.heading}</h1>
      <p>{start.what}</p>
      <SignInLink app={app} label={logIn} />
    </Layout>
  );
}
