// Who is signed in to the stand-in Clever in this browser. It is oidc-provider's own session, so authorize sees it too.
import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import { sessionCookie, sessionSeconds } from './provider-parts.ts';

export interface CleverSessions {
  /** Clever id of the signed-in person. */
  find(req: Request): Promise<string | undefined>;
  /** Signs in, visible to the rest of the same request. */
  open(req: Request, res: Response, personId: string): Promise<void>;
  end(req: Request, res: Response): Promise<void>;
}

export function createSessions(provider: Provider): CleverSessions {
  const load = (req: Request) => {
    const id = parseCookie(req.headers.cookie ?? '')[sessionCookie];
    return id === undefined ? undefined : provider.Session.find(id);
  };
  return {
    find: async (req) => (await load(req))?.accountId,
    open: async (req, res, personId) => {
      await (await load(req))?.destroy();
      const session = new provider.Session();
      session.loginAccount({ accountId: personId });
      await session.save(sessionSeconds);
      res.cookie(sessionCookie, session.jti, { httpOnly: true, sameSite: 'lax', path: '/' });
      req.headers.cookie = `${sessionCookie}=${session.jti}`;
    },
    end: async (req, res) => {
      await (await load(req))?.destroy();
      res.clearCookie(sessionCookie, { path: '/' });
    },
  };
}
