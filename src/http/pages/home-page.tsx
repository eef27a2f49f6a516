// `/` for a visitor who is not signed in.
import { texts } from '../../outcome/languages.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { SignInLink } from './sign-in-link.tsx';

export function HomePage({ frame }: { readonly frame: Frame }) {
  const { home, logIn } = texts[frame.language].pages;
  return (
    <Layout frame={frame} title={logIn}>
      <h1>{home.heading}</h1>
      <p>{home.what}</p>
      <SignInLink app={undefined} label={logIn} />
      <p class="quiet">{home.help}</p>
    </Layout>
  );
}
