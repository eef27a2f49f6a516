// `/` for somebody who is signed in: who that is, a way on, and a way out in one press.
import type { Role } from '../../roster/feed.ts';
import type { Language } from '../language.ts';
import { Layout } from './layout.tsx';
import { pageTexts } from './page-texts.ts';
import { Picture, waving } from './pictures.tsx';
import { untranslated } from './untranslated.ts';

export interface SignedInPageProps {
  /** As the roster has it; may be empty. */
  readonly name: string;
  readonly role: Role;
  readonly productUrl: string;
  /** The hidden field of the sign-out form. */
  readonly logoutField: { readonly name: string; readonly value: string };
  readonly language: Language;
}

export function SignedInPage({ name, role, productUrl, logoutField, language }: SignedInPageProps) {
  const { signedIn, signOut } = pageTexts[language];
  return (
    <Layout language={language} title={signedIn.title}>
      <Picture name={signedIn.picture}>{waving}</Picture>
      <h1>
        {signedIn.greeting}
        {name && (
          <>
            , <bdi {...untranslated}>{name}</bdi>
          </>
        )}
      </h1>
      <p class="role">{signedIn.roles[role]}</p>
      <form method="post" action="/logout">
        <input type="hidden" name={logoutField.name} value={logoutField.value} />
        <button class="plain" type="submit">
          {signedIn.notYou[role === 'student' ? 'child' : 'adult']}
        </button>
        <div class="actions">
          <a class="button" href={productUrl}>
            {signedIn.goOn}
          </a>
          <button class="button second" type="submit">
            {signOut}
          </button>
        </div>
      </form>
    </Layout>
  );
}
