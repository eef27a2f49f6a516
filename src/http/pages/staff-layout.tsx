// The layout of pages for support, administration and a district's administrators, in English. Callers supply the name
// and the navigation.
import type { ComponentChildren } from 'preact';
import { style } from './style.ts';
import { supportStyle } from './support-style.ts';

export interface StaffLayoutProps {
  readonly title: string;
  /** The name of the pages, such as `Summit K12 support`. */
  readonly name: string;
  readonly navigation?: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function StaffLayout({ title, name, navigation, footer, children }: StaffLayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · ${name}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <style>{style}</style>
        <style>{supportStyle}</style>
      </head>
      <body class="staff">
        <a class="skip" href="#main">
          Skip to the page
        </a>
        <header>
          <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
            <path d="M1 21 9 6l4 7 2-3 8 11z" />
          </svg>
          <span>{name}</span>
          {navigation}
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        {footer && <footer>{footer}</footer>}
      </body>
    </html>
  );
}

interface NavigationProps {
  readonly label: string;
  /** Path and label of each navigation link. */
  readonly places: readonly (readonly [path: string, label: string])[];
  /** The path of the page. */
  readonly here: string | undefined;
  /** The sign-out form. */
  readonly children: ComponentChildren;
}

export const Navigation = ({ label, places, here, children }: NavigationProps) => (
  <nav aria-label={label}>
    {places.map(([path, name]) => (
      <a key={path} href={path} aria-current={path === here ? 'page' : undefined}>
        {name}
      </a>
    ))}
    {children}
  </nav>
);
