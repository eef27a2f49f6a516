// A second product, on another site than the bridge, so it gets no cookie of the bridge. It signs people in by OpenID
// Connect, is launched from Clever's portal, and is notified when a session ends.
import { createServer } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { close, listen } from '../listen.ts';
import { createReadLogoutToken } from './logout-token.ts';
import { renderCoach } from './reading-coach-page.tsx';
import { createKept } from './sessions.ts';
import { createSignIn, type OpenRequest, type SignedIn } from './sign-in.ts';

export interface ReadingCoachOptions {
  /** Registered at the bridge: coachAddresses has what with. */
  readonly port: number;
  /** PUBLIC_URL of the bridge. */
  readonly issuer: string;
  readonly clientId: string;
  /** `client put` showed it once. */
  readonly clientSecret: string;
}

export interface ReadingCoach {
  readonly url: string;
  close(): Promise<void>;
}

const [tenMinutes, eightHours] = [600_000, 8 * 3_600_000];
/** The bridge of the sandbox is at localhost: this is another site to a browser, on the same machine. */
const host = '127.0.0.1';

/** What the operator registers: `client put ID --redirect-uri … --initiate-login-uri … …`. */
export function coachAddresses(port: number) {
  const url = `http://${host}:${port}`;
  return {
    url,
    redirectUri: `${url}/callback`,
    initiateLoginUri: `${url}/login`,
    postLogoutRedirectUri: `${url}/`,
    backchannelLogoutUri: `${url}/backchannel-logout`,
  };
}

/** @throws Error when the port is taken */
export async function startReadingCoach(options: ReadingCoachOptions): Promise<ReadingCoach> {
  const server = createServer(createApp(options));
  await listen(server, options.port, host);
  return { url: coachAddresses(options.port).url, close: () => close(server) };
}

function createApp({ port, issuer, clientId, clientSecret }: ReadingCoachOptions): Express {
  // Long by its routes; each is short.
  const addresses = coachAddresses(port);
  const signIn = createSignIn({ issuer, clientId, clientSecret, ...addresses });
  const readLogoutToken = createReadLogoutToken(issuer, clientId);
  const requests = createKept<OpenRequest>('coach_request', tenMinutes);
  const sessions = createKept<SignedIn>('coach_session', eightHours);
  const app = express();
  app.disable('x-powered-by');

  app.get('/', (request, response) => {
    const session = sessions.find(request);
    response.status(session === undefined ? 401 : 200).set('Cache-Control', 'no-store');
    response.send(renderCoach(session?.person));
  });

  // A click on "Sign in", and a launch from the portal, which comes with `iss` and `target_link_uri` (OpenID Connect Core 1.0
  // section 4). Any page may lead here: it only begins a request, and the answer is taken from this browser alone.
  app.get('/login', async (request, response) => {
    const { iss } = request.query;
    if (iss !== undefined && iss !== issuer) return void response.status(400).send('another issuer');
    const begun = await signIn.begin();
    requests.start(response, begun.request);
    response.redirect(303, begun.address);
  });

  app.get('/callback', async (request, response) => {
    const open = requests.take(request, response);
    // A bookmark, or another browser's answer: begin anew.
    if (open === undefined) return response.redirect(303, '/');
    sessions.start(response, await signIn.finish(new URL(request.originalUrl, addresses.url), open));
    response.redirect(303, '/');
  });

  // Who it is by today's roster, for what must not go by yesterday's.
  app.get('/me', async (request, response) => {
    const session = sessions.find(request);
    const asked = session && (await signIn.ask(session.person.sub, session.tokens));
    if (session !== undefined && asked !== undefined) sessions.replace(request, { ...session, ...asked });
    else sessions.take(request, response);
    response.status(asked === undefined ? 401 : 200).set('Cache-Control', 'no-store');
    response.json(asked?.person ?? {});
  });

  app.post('/logout', async (request, response) => {
    const session = sessions.take(request, response);
    response.redirect(303, session === undefined ? '/' : await signIn.signOutAddress(session.idToken));
  });

  // Asked by the bridge, not by a browser.
  app.post('/backchannel-logout', express.urlencoded({ extended: false }), async (request, response) => {
    const sid = await readLogoutToken(String(request.body?.logout_token)).catch(() => undefined);
    if (sid !== undefined) sessions.endWhere((session) => session.sid === sid);
    response
      .set('Cache-Control', 'no-store')
      .status(sid === undefined ? 400 : 200)
      .end();
  });

  app.use((_failure: unknown, _request: Request, response: Response, _next: NextFunction) => {
    // Not what went wrong: it may hold a code or a token.
    response.status(502).send('The sign-in did not work. <a href="/">Try again</a>');
  });
  return app;
}
