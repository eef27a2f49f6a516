// For what leads nowhere: an address that does not exist or is used in another way, a form that another site sent.
import type { Language } from '../language.ts';
import { Layout } from './layout.tsx';
import { pageTexts } from './page-texts.ts';

export type DeadEndKind = 'notFound' | 'otherMethod' | 'forbidden';

export interface DeadEndPageProps {
  readonly kind: DeadEndKind;
  readonly language: Language;
}

export function DeadEndPage({ kind, language }: DeadEndPageProps) {
  const { [kind]: texts, goHome } = pageTexts[language];
  return (
    <Layout language={language} title={texts.heading}>
      <h1>{texts.heading}</h1>
      <p>{texts.what}</p>
      <a class="button" href="/">
        {goHome}
      </a>
    </Layout>
  );
}
