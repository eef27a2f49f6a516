// The frame of every support page: where one can go, who is signed in, and the way out. English alone: staff reads it.
import type { ComponentChildren } from 'preact';
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { style } from '../../pages/style.ts';
import { supportStyle } from '../../pages/support-style.ts';

export interface DeskLayoutProps {
  readonly title: string;
  readonly session?: StaffSession | undefined;
  readonly children: ComponentChildren;
}

export function DeskLayout({ title, session, children }: DeskLayoutProps) {
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
        <header>
          <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
            <path d="M1 21 9 6l4 7 2-3 8 11z" />
          </svg>
          <span>Summit K12 support</span>
          {session && <Navigation session={session} />}
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}

function Navigation({ session }: { readonly session: StaffSession }) {
  return (
    <nav aria-label="Support">
      <a href="/support">Search</a>
      <a href="/support/attempts">Attempts</a>
      <a href="/support/districts">Districts</a>
      {session.scope === 'admin' && <a href="/support/trail">Trail</a>}
      <form method="post" action="/support/logout">
        <FormToken session={session} />
        <button class="plain" type="submit">
          Sign out
        </button>
      </form>
    </nav>
  );
}

export const FormToken = ({ session }: { readonly session?: StaffSession | undefined }) =>
  session === undefined ? null : <input type="hidden" name="form" value={session.formToken} />;

/** To the minute, in UTC, as the API has it. */
export const Time = ({ at }: { readonly at: number }) => (
  <time
    dateTime={new Date(at).toISOString()}
  >{`${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`}</time>
);

export const ownerNames = {
  district: 'The district',
  summit: 'Summit K12',
  clever: 'Clever',
  user: 'The person',
  wait: 'Nobody: wait',
} as const;
