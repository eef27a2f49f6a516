// The layout of every page: head, product name, language switch, main part, support contact. Loads no external
// resources.
import type { ComponentChildren } from 'preact';
import { languages, texts } from '../../outcome/languages.ts';
import { Contact } from './contact.tsx';
import type { Frame } from './frame.ts';
import { style } from './style.ts';
import { untranslated } from './untranslated.ts';

interface LayoutProps {
  readonly frame: Frame;
  /** The title of the page in the browser's tab. */
  readonly title: string;
  /** Of the body: larger text for a child. */
  readonly reader?: 'child';
  readonly children: ComponentChildren;
}

const icon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#0b5fae" d="M1 21 9 6l4 7 2-3 8 11z"/></svg>',
  );

export function Layout({ frame, title, reader, children }: LayoutProps) {
  const { tag, direction, pages } = texts[frame.language];
  return (
    <html lang={tag} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · Summit K12`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href={icon} />
        <style>{style}</style>
      </head>
      <body class={reader}>
        <header>
          <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
            <path d="M1 21 9 6l4 7 2-3 8 11z" />
          </svg>
          <span {...untranslated}>Summit K12</span>
          <LanguageSwitch frame={frame} />
        </header>
        <main>{children}</main>
        {frame.contact && (
          <footer>
            <Contact label={pages.help} contact={frame.contact} />
          </footer>
        )}
      </body>
    </html>
  );
}

/** Collapsed; each language has its own name for itself, so that visitors who cannot read the page find it. */
function LanguageSwitch({ frame: { language, switchTo } }: { readonly frame: Frame }) {
  const { name, pages } = texts[language];
  return (
    <details class="languages">
      <summary>
        <svg
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          stroke-width="1.6"
          role="img"
          aria-label={pages.language}
        >
          <circle cx="12" cy="12" r="9.5" />
          <path d="M2.5 12h19M12 2.5c-6 5.5-6 13.5 0 19M12 2.5c6 5.5 6 13.5 0 19" />
        </svg>
        {name}
      </summary>
      <ul>
        {languages.map((other) => (
          <li key={other}>
            <a
              href={`${switchTo}lang=${other}`}
              hreflang={texts[other].tag}
              lang={texts[other].tag}
              dir={texts[other].direction}
              aria-current={other === language ? 'true' : undefined}
              {...untranslated}
            >
              {texts[other].name}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
