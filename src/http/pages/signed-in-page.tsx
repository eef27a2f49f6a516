// `/` for a signed-in visitor: the name, a link to the product, and sign-out in one press.
import type { Role } from '../../formats/feed.ts';
import { texts } from '../../outcome/languages.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { Picture, waving } from './pictures.tsx';
import { untranslated } from './untranslated.ts';

export interface SignedInPageProps {
  /** From the roster; may be empty. */
  readonly name: string;
  readonly role: Role;
  readonly productUrl: string;
  /** For an administrator with access to the district pages. */
  readonly hasDistrictPages?: boolean;
  /** The hidden field of the sign-out form. */
  readonly logoutField: { readonly name: string; readonly value: string };
  readonly frame: Frame;
}

export function SignedInPage({ name, role, productUrl, hasDistrictPages, logoutField, frame }: SignedInPageProps) {
  const { comma, pages } = texts[frame.language];
  const { signedIn, signOut } = pages;
  return (
    <Layout frame={frame} title={signedIn.title}>
      <Picture name={signedIn.picture}>{waving}</Picture>
      <h1>
        {signedIn.greeting}
        {name && (
          <>
            {comma}
            <bdi {...untranslated}>{name}</bdi>
          </>
        )}
      </h1>
      <p class="role">{signedIn.roles[role]}</p>
      {hasDistrictPages && (
        <p>
          <a href="/district">{signedIn.district}</a>
        </p>
      )}
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
