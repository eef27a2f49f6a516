// The browser's side of the stand-in Clever: people, their portal, launches without state, Instant Login, and the choice
// of a person when an app asks.
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { type Group, renderDistricts, renderHome, renderNotice, renderPeople } from './pages.tsx';
import type { App, District, Person } from './person.ts';
import type { AppSettings } from './provider-parts.ts';
import type { CleverSessions } from './session.ts';

export interface PortalParts {
  readonly apps: Readonly<Partial<Record<App, AppSettings>>>;
  readonly districts: readonly District[];
  readonly people: () => readonly Person[];
  readonly findPerson: (idOrKey: string) => Person | undefined;
  readonly sessions: CleverSessions;
  /** oidc-provider's own handler. */
  readonly authorize: (req: Request, res: Response) => void;
}

export function createPortal(parts: PortalParts): Router {
  const router = Router();
  router.get(['/', '/portal'], showPeople(parts));
  router.get('/portal/sign-in', signIn(parts));
  router.get('/portal/home', showHome(parts));
  router.get('/portal/launch', launch(parts));
  router.get('/portal/logout', async (req, res) => {
    await parts.sessions.end(req, res);
    res.redirect(303, '/portal');
  });
  router.get('/oauth/instant-login', instantLogin(parts));
  router.get('/oauth/people', choosePerson(parts));
  router.get('/oauth/sign-in', signInForApp(parts));
  router.get('/oauth/unshared', (_req, res) => {
    res.status(403).send(renderNotice('You do not have this app', 'Your district has not shared this app with you.'));
  });
  return router;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function notFound(res: Response): void {
  res.status(404).send(renderNotice('Not found', 'The stand-in Clever knows no such person.'));
}

function groupsOf(parts: PortalParts, districtId?: string): readonly Group[] {
  return parts.districts
    .filter((district) => districtId === undefined || district.id === districtId)
    .map((district) => ({ district, people: parts.people().filter((one) => one.district === district.id) }))
    .filter((group) => group.people.length > 0);
}

function showPeople(parts: PortalParts): RequestHandler {
  return async (req, res) => {
    const signedIn = parts.findPerson((await parts.sessions.find(req)) ?? '');
    res.send(
      renderPeople({
        title: 'Who would you like to be?',
        explanation: 'Click a person to sign in to Clever as them. Each line says what is special about them.',
        groups: groupsOf(parts),
        hrefOf: (person) => `/portal/sign-in?person=${person.id}`,
        signedIn,
      }),
    );
  };
}

function signIn(parts: PortalParts): RequestHandler {
  return async (req, res) => {
    const person = parts.findPerson(text(req.query['person']));
    if (person === undefined) return notFound(res);
    await parts.sessions.open(req, res, person.id);
    res.redirect(303, '/portal/home');
  };
}

function showHome(parts: PortalParts): RequestHandler {
  return async (req, res) => {
    const person = parts.findPerson((await parts.sessions.find(req)) ?? '');
    if (person === undefined) return res.redirect(303, '/portal');
    const district = parts.districts.find((one) => one.id === person.district);
    const shared = person.atClever === 'unshared' ? [] : (district?.apps ?? []);
    const primary = parts.apps['summit-k12']?.redirectUris[0];
    const loginHref = primary === undefined ? undefined : new URL('/login', primary).href;
    res.send(renderHome({ person, district, apps: shared.filter((app) => parts.apps[app]), loginHref }));
  };
}

function launch(parts: PortalParts): RequestHandler {
  return async (req, res) => {
    const app = Object.entries(parts.apps).find(([name]) => name === req.query['app'])?.[1];
    const person = parts.findPerson(text(req.query['person']) || ((await parts.sessions.find(req)) ?? ''));
    if (app === undefined || person === undefined) return notFound(res);
    if (req.query['person'] !== undefined) await parts.sessions.open(req, res, person.id);
    sendCode(parts, app, req, res);
  };
}

/** A launch Clever starts: a code for the app's primary address and, as Clever's always are, without state. */
function sendCode(parts: PortalParts, app: AppSettings, req: Request, res: Response): void {
  const query = new URLSearchParams({ response_type: 'code', client_id: app.clientId });
  req.url = `/oauth/authorize?${query}`;
  authorizeAsClever(parts)(req, res, () => undefined);
}

/**
 * Clever takes the scope from the app's settings, whatever the request says, and the first registered address where none
 * is given. oidc-provider wants both in the request.
 */
export function authorizeAsClever(parts: Pick<PortalParts, 'apps' | 'authorize'>): RequestHandler {
  return (req, res) => {
    const [, search = ''] = req.url.split('?', 2);
    const query = new URLSearchParams(search);
    const app = Object.values(parts.apps).find((one) => one.clientId === query.get('client_id'));
    const primary = app?.redirectUris[0];
    if (!query.has('redirect_uri') && primary !== undefined) query.set('redirect_uri', primary);
    query.set('scope', 'openid profile email');
    req.url = `/oauth/authorize?${query}`;
    req.originalUrl = req.url;
    parts.authorize(req, res);
  };
}

function instantLogin(parts: PortalParts): RequestHandler {
  return async (req, res) => {
    const app = Object.values(parts.apps).find((one) => one.clientId === req.query['client_id']);
    if (app === undefined) return notFound(res);
    const person = parts.findPerson((await parts.sessions.find(req)) ?? '');
    if (person !== undefined) return sendCode(parts, app, req, res);
    const query = new URLSearchParams({ client_id: app.clientId, district_id: text(req.query['district_id']) });
    res.redirect(303, `/oauth/people?${query}`);
  };
}

/** An app asks and no user is signed in: choose the district first, unless the request names one, then the person. */
function choosePerson(parts: PortalParts): RequestHandler {
  return (req, res) => {
    const query = new URLSearchParams(req.url.split('?', 2)[1] ?? '');
    const districtId = query.get('district_id') || undefined;
    if (districtId === undefined) {
      const districts = groupsOf(parts).map((group) => group.district);
      res.send(renderDistricts(districts, (one) => `/oauth/people?${withParam(query, 'district_id', one.id)}`));
      return;
    }
    res.send(
      renderPeople({
        title: 'Log in to Clever',
        explanation: 'The app wants to know who you are. Click a person to log in as them.',
        groups: groupsOf(parts, districtId),
        hrefOf: (person) => `/oauth/sign-in?${withParam(query, 'person', person.id)}`,
      }),
    );
  };
}

function withParam(query: URLSearchParams, name: string, value: string): URLSearchParams {
  const changed = new URLSearchParams(query);
  changed.set(name, value);
  return changed;
}

/** Goes on with what was asked: an authorize request has a response_type, an Instant Login link has none. */
function signInForApp(parts: PortalParts): RequestHandler {
  return async (req, res) => {
    const query = new URLSearchParams(req.url.split('?', 2)[1] ?? '');
    const person = parts.findPerson(query.get('person') ?? '');
    if (person === undefined) return notFound(res);
    await parts.sessions.open(req, res, person.id);
    query.delete('person');
    res.redirect(303, query.has('response_type') ? `/oauth/authorize?${query}` : `/oauth/instant-login?${query}`);
  };
}
