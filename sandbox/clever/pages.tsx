// What the stand-in Clever shows: people to click, a portal with apps, its own error page. Plain links and forms, no
// script; preact escapes.
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { type App, type District, nameOf, type Person } from './person.ts';
import { style } from './style.ts';

const appNames: Readonly<Record<App, string>> = { 'summit-k12': 'Summit K12', 'secure-sync': 'SK12 Secure Sync' };
const userTypes: Readonly<Record<string, string>> = {
  student: 'Student',
  teacher: 'Teacher',
  staff: 'Staff',
  district_admin: 'Administrator',
  contact: 'Guardian',
};

export interface Group {
  readonly district: District;
  readonly people: readonly Person[];
}

/** @param hrefOf where a click on the person leads */
export interface PeopleView {
  readonly title: string;
  readonly explanation: string;
  readonly groups: readonly Group[];
  readonly hrefOf: (person: Person) => string;
  readonly signedIn?: Person | undefined;
}

export function renderPeople(view: PeopleView): string {
  return page(
    view.title,
    <>
      {view.signedIn && <SignedIn person={view.signedIn} />}
      <h1>{view.title}</h1>
      <p class="lead">{view.explanation}</p>
      {view.groups.map((group) => (
        <section key={group.district.id}>
          <h2>{group.district.name}</h2>
          <ul class="people">
            {group.people.map((person) => (
              <PersonLink key={person.id} person={person} href={view.hrefOf(person)} />
            ))}
          </ul>
        </section>
      ))}
    </>,
  );
}

function PersonLink({ person, href }: { person: Person; href: string }) {
  return (
    <li>
      <a href={href}>
        <span class="name">{nameOf(person)}</span>
        <span class="type">{userTypes[person.userType] ?? person.userType}</span>
        <span class="about">{person.about ?? person.email ?? 'no address'}</span>
      </a>
    </li>
  );
}

function SignedIn({ person }: { person: Person }) {
  return (
    <p class="signed-in">
      Signed in to Clever as <strong>{nameOf(person)}</strong>. <a href="/portal/home">Their portal</a>{' '}
      <a href="/portal/logout">Log out of Clever</a>
    </p>
  );
}

export interface HomeView {
  readonly person: Person;
  readonly district: District | undefined;
  readonly apps: readonly App[];
  /** The app's own "Log in with Clever". */
  readonly loginHref: string | undefined;
}

export function renderHome({ person, district, apps, loginHref }: HomeView): string {
  return page(
    `Portal of ${nameOf(person)}`,
    <>
      <h1>Hello, {person.givenName ?? nameOf(person)}</h1>
      <p class="lead">
        {nameOf(person)}, {(userTypes[person.userType] ?? person.userType).toLowerCase()}
        {district && <> at {district.name}</>}
      </p>
      {person.about && <p class="case">{person.about}</p>}
      <h2>Your apps</h2>
      {apps.length === 0 && <p>Your district has not shared an app with you.</p>}
      <ul class="apps">
        {apps.map((app) => (
          <li key={app}>
            <a href={`/portal/launch?app=${app}`}>
              <span class={`icon ${app}`} aria-hidden="true">
                {app === 'summit-k12' ? 'S' : 'SS'}
              </span>
              {appNames[app]}
            </a>
          </li>
        ))}
      </ul>
      <p class="links">
        {loginHref && <a href={loginHref}>Go to Summit K12 and use its “Log in with Clever”</a>}
        <a href="/portal">Choose another user</a>
        <a href="/portal/logout">Log out of Clever</a>
      </p>
    </>,
  );
}

export function renderDistricts(districts: readonly District[], hrefOf: (district: District) => string): string {
  return page(
    'Find your school district',
    <>
      <h1>Find your school district</h1>
      <p class="lead">The app wants to know who you are. Where do you go to school or work?</p>
      <ul class="people">
        {districts.map((district) => (
          <li key={district.id}>
            <a href={hrefOf(district)}>
              <span class="name">{district.name}</span>
            </a>
          </li>
        ))}
      </ul>
    </>,
  );
}

export function renderNotice(title: string, explanation: string): string {
  return page(
    title,
    <>
      <h1>{title}</h1>
      <p class="lead">{explanation}</p>
      <p class="links">
        <a href="/portal">Back to the portal</a>
      </p>
    </>,
  );
}

function page(title: string, body: ComponentChildren): string {
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – stand-in Clever`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <header>
          <a href="/portal">Clever</a> <span>a stand-in for trying out; all users are made up</span>
        </header>
        <main>{body}</main>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}
