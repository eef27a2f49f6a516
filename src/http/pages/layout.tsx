// The frame of every page: head, name of the product, one main part. No script, nothing fetched.
import type { ComponentChildren } from 'preact';
import type { Audience } from '../../sign-in/outcome.ts';
import type { Language } from '../language.ts';
import { style } from './style.ts';
import { untranslated } from './untranslated.ts';

interface LayoutProps {
  readonly language: Language;
  /** What the page says, as the browser's tab tells it. */
  readonly title: string;
  readonly audience?: Audience;
  readonly children: ComponentChildren;
}

const icon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#0b5fae" d="M1 21 9 6l4 7 2-3 8 11z"/></svg>',
  );

export function Layout({ language, title, audience = 'unknown', children }: LayoutProps) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · Summit K12`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href={icon} />
        <style>{style}</style>
      </head>
      <body class={audience}>
        <header>
          <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
            <path d="M1 21 9 6l4 7 2-3 8 11z" />
          </svg>
          <span {...untranslated}>Summit K12</span>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
