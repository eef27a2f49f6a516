// The frame of every support page: where one can go, who is signed in, and the way out. English alone: staff reads it.
import type { ComponentChildren } from 'preact';
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { style } from '../../pages/style.ts';
import { supportStyle } from '../../pages/support-style.ts';

type Section = 'search' | 'attempts' | 'districts' | 'trail';

export interface DeskLayoutProps {
  readonly title: string;
  readonly session?: StaffSession | undefined;
  /** The page of the navigation that this one is. */
  readonly here?: Section;
  readonly children: ComponentChildren;
}

export function DeskLayout({ title, session, here, children }: DeskLayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · Summit K12 support`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <style>{style}</style>
        <style>{supportStyle}</style>
      </head>
      <body class="desk">
        <a class="skip" href="#main">
          Skip to the page
        </a>
        <header>
          <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
            <path d="M1 21 9 6l4 7 2-3 8 11z" />
          </svg>
          <span>Summit K12 support</span>
          {session && <Navigation session={session} here={here} />}
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </body>
    </html>
  );
}

const places: readonly (readonly [Section, path: string, label: string])[] = [
  ['search', '/support', 'Search'],
  ['attempts', '/support/attempts', 'Attempts'],
  ['districts', '/support/districts', 'Districts'],
  ['trail', '/support/trail', 'Trail'],
];

function Navigation({ session, here }: { readonly session: StaffSession; readonly here: Section | undefined }) {
  return (
    <nav aria-label="Support">
      {places
        .filter(([section]) => section !== 'trail' || session.scope === 'admin')
        .map(([section, path, label]) => (
          <a key={section} href={path} aria-current={section === here ? 'page' : undefined}>
            {label}
          </a>
        ))}
      <form method="post" action="/support/logout">
        <FormToken session={session} />
        <button class="plain" type="submit" title={`Signed in as ${session.email}`}>
          Sign out
        </button>
      </form>
    </nav>
  );
}

export const FormToken = ({ session }: { readonly session?: StaffSession | undefined }) =>
  session === undefined ? null : <input type="hidden" name="form" value={session.formToken} />;

export const ownerNames = {
  district: 'The district',
  summit: 'Summit K12',
  clever: 'Clever',
  user: 'The person',
  wait: 'Nobody, wait',
} as const;
