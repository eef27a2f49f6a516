// The district tokens of the stand-in: one for each app and district that shares it, listed for a client with the app's
// credentials; a rotation replaces them. Derived from app and district, so nothing is stored.
import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { App, District } from './person.ts';
import type { AppSettings } from './provider-parts.ts';

export interface DataTokens {
  /** `GET /oauth/tokens?owner_type=district&district=` with the app's credentials (dev.clever.com, district tokens). */
  readonly list: RequestHandler;
  find(token: string): { readonly district: District; readonly app: App } | undefined;
  /** Whether the app's district tokens reach more than the district itself. */
  servesAll(app: App): boolean;
  /** From now on every district token is another one. */
  rotate(): void;
}

export interface DataTokenParts {
  readonly apps: Readonly<Partial<Record<App, AppSettings>>>;
  readonly districts: () => readonly District[];
}

export function createDataTokens({ apps, districts }: DataTokenParts): DataTokens {
  let round = 0;
  /** 40 hex, as Clever's sample. */
  const tokenOf = (app: App, district: District) =>
    createHash('sha256').update(`token/${app}/${district.id}/${round}`).digest('hex').slice(0, 40);
  // Where there is no Secure Sync app, the one app has both tasks.
  const sharing = (app: App) =>
    districts().filter((one) => one.apps.includes(app) || (apps['secure-sync'] === undefined && app === 'summit-k12'));
  const names: readonly App[] = ['summit-k12', 'secure-sync'];

  return {
    list(req, res) {
      const app = names.find((name) => isFrom(req, apps[name]));
      if (app === undefined) {
        res.status(401).set('WWW-Authenticate', 'Basic').json({ error: 'invalid_client' });
        return;
      }
      const { district: id, owner_type: type } = req.query;
      const listed = sharing(app).filter(
        (one) => (id === undefined || one.id === id) && (type ?? 'district') === 'district',
      );
      res.json({ data: listed.map((one) => describe(one, tokenOf(app, one))), links: [{ rel: 'self', uri: req.url }] });
    },
    find(token) {
      const all = names.flatMap((app) => (apps[app] ? sharing(app).map((district) => ({ app, district })) : []));
      return all.find(({ app, district }) => tokenOf(app, district) === token);
    },
    servesAll: (app) => app === 'secure-sync' || apps['secure-sync'] === undefined,
    rotate() {
      round += 1;
    },
  };
}

function isFrom(req: Request, app: AppSettings | undefined): boolean {
  if (app === undefined) return false;
  const expected = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64');
  return req.headers.authorization === `Basic ${expected}`;
}

const describe = (district: District, token: string) => ({
  id: `70${district.id.slice(2)}`,
  created: '2026-08-10T06:00:00.000Z',
  owner: { type: 'district', id: district.id },
  access_token: token,
  scopes: ['read:district_admins', 'read:schools', 'read:sections', 'read:students', 'read:teachers', 'read:user_id'],
});
