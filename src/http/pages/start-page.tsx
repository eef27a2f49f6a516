// Answers a launch without state with CLEVER_STATELESS "reject": one press starts a sign-in of the bridge.

import { texts } from '../../outcome/languages.ts';
import type { App } from '../../outcome/outcome.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { OwnerPicture } from './pictures.tsx';
import { SignInLink } from './sign-in-link.tsx';

export interface StartPageProps {
  readonly app: App;
  readonly frame: Frame;
}

export function StartPage({ app, frame }: StartPageProps) {
  const { start, logIn, refusal } = texts[frame.language].pages;
  return (
    <Layout frame={frame} title={start.heading}>
      <OwnerPicture owner="user" name={refusal.pictures.user} />
      <h1>{start.heading}</h1>
      <p>{start.what}</p>
      <SignInLink app={app} label={logIn} />
    </Layout>
  );
}
