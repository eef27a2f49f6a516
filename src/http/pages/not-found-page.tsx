// For an address that leads nowhere.
import type { Language } from '../language.ts';
import { Layout } from './layout.tsx';
import { pageTexts } from './page-texts.ts';

export function NotFoundPage({ language }: { readonly language: Language }) {
  const { notFound } = pageTexts[language];
  return (
    <Layout language={language} title={notFound.heading}>
      <h1>{notFound.heading}</h1>
      <p>{notFound.what}</p>
      <a class="button" href="/">
        {notFound.goHome}
      </a>
    </Layout>
  );
}
