// The one page of the second product: who is signed in, or how to sign in.
import { renderToString } from 'preact-render-to-string';
import type { Person } from './sign-in.ts';

const style = `
body { margin: 0; font: 1.05rem/1.5 system-ui, sans-serif; color: #2a1f3d; background: #f5f1fb; }
header { background: #553098; color: #fff; padding: .8rem 1.25rem; font-weight: 700; font-size: 1.2rem; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1.25rem; }
h1 { line-height: 1.2; overflow-wrap: anywhere; }
.button { display: inline-block; border: 0; background: #553098; color: #fff; padding: .7rem 1.2rem; border-radius: .5rem; text-decoration: none; font: inherit; font-weight: 600; }
.quiet { color: #574a6e; font-size: .95rem; }
`;

export function renderCoach(person: Person | undefined): string {
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Reading Coach (a second product)</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <header>Reading Coach</header>
        <main>{person === undefined ? <SignedOut /> : <Greeting person={person} />}</main>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}

function Greeting({ person: { name, role, district } }: { readonly person: Person }) {
  return (
    <>
      <h1>Hello, {name}</h1>
      <p>
        You are signed in as {role} of {district}.
      </p>
      <form method="post" action="/logout">
        <button type="submit" class="button">
          Sign out
        </button>
      </form>
      <p class="quiet">This product is on a site of its own and signed you in by OpenID Connect.</p>
    </>
  );
}

function SignedOut() {
  return (
    <>
      <h1>You are not signed in</h1>
      <p>
        <a class="button" href="/login">
          Sign in
        </a>
      </p>
    </>
  );
}
