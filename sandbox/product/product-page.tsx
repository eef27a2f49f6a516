// The one page of the stand-in product: who is signed in, or how to sign in.
import { renderToString } from 'preact-render-to-string';
import type { SessionCheck } from './check-session.ts';

const roles: Readonly<Record<string, string>> = {
  student: 'a student',
  teacher: 'a teacher',
  staff: 'a member of staff',
  administrator: 'an administrator',
};

const style = `
body { margin: 0; font: 1.05rem/1.5 system-ui, sans-serif; color: #17301f; background: #eef7f1; }
header { background: #00696b; color: #fff; padding: .8rem 1.25rem; font-weight: 700; font-size: 1.2rem; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1.25rem; }
h1 { line-height: 1.2; overflow-wrap: anywhere; }
.button { display: inline-block; background: #005e60; color: #fff; padding: .7rem 1.2rem; border-radius: .5rem; text-decoration: none; font-weight: 600; }
.quiet { color: #31493a; font-size: .95rem; overflow-wrap: anywhere; }
`;

export function renderProduct(check: SessionCheck, bridgeUrl: string): string {
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Summit K12 (stand-in product)</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <header>Summit K12</header>
        <main>
          {check.kind === 'signed-in' ? (
            <Greeting check={check} bridgeUrl={bridgeUrl} />
          ) : (
            <SignedOut check={check} bridgeUrl={bridgeUrl} />
          )}
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}

function Greeting({ check, bridgeUrl }: { check: SessionCheck & { kind: 'signed-in' }; bridgeUrl: string }) {
  const { name, role, district } = check.facts;
  return (
    <>
      <h1>{name === undefined ? 'Welcome' : `Hello, ${name}`}</h1>
      <p>
        You are signed in as {roles[role] ?? role} of {district}.
      </p>
      {/* The bridge takes a log-out from its own pages only, so this leads to the one that has the button. */}
      <p>
        <a class="button" href={`${bridgeUrl}/`}>
          Sign out
        </a>
      </p>
      <p class="quiet">This page checked the session offline, with the published keys of the sign-in bridge.</p>
    </>
  );
}

function SignedOut({ check, bridgeUrl }: { check: SessionCheck; bridgeUrl: string }) {
  return (
    <>
      <h1>You are not signed in</h1>
      {check.kind === 'ended' && <p>Your session has ended.</p>}
      <p>
        <a class="button" href={`${bridgeUrl}/login`}>
          Log in with Clever
        </a>
      </p>
    </>
  );
}
