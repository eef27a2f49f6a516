// For a path that does not exist or has other methods, and a form from another site.
import { texts } from '../../outcome/languages.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';

export type DeadEndKind = 'notFound' | 'otherMethod' | 'forbidden';

export interface DeadEndPageProps {
  readonly kind: DeadEndKind;
  readonly frame: Frame;
}

export function DeadEndPage({ kind, frame }: DeadEndPageProps) {
  const { [kind]: said, goHome } = texts[frame.language].pages;
  return (
    <Layout frame={frame} title={said.heading}>
      <h1>{said.heading}</h1>
      <p>{said.what}</p>
      <a class="button" href="/">
        {goHome}
      </a>
    </Layout>
  );
}
