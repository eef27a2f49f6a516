// The three addresses of Clever's Data API that a person's own token reaches: /me, their record, their district. What a
// district token reaches is in data-lists.ts, which is asked first.
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { District, Person } from './person.ts';
import { districtRecordOf, meOf, userRecordOf } from './records.ts';

export interface DataApiParts {
  readonly districts: readonly District[];
  /** The person a bearer token was issued for. */
  readonly personOfToken: (token: string) => Promise<Person | undefined>;
}

type Answer = (person: Person, version: string, id: string) => object | undefined;

export function createDataApi(parts: DataApiParts): Router {
  const router = Router();
  const get = (path: string, answer: Answer) => router.get(path, forPerson(parts, answer));
  get('/:version/me', (person) => meOf(person));
  get('/:version/users/:id', (person, version, id) => (person.id === id ? userRecordOf(person, version) : undefined));
  get('/:version/districts/:id', (person, version, id) => {
    const own = parts.districts.find((one) => one.id === person.district && one.id === id);
    return own && districtRecordOf(own, version);
  });
  return router;
}

function forPerson(parts: DataApiParts, answer: Answer): RequestHandler {
  return async (req, res, next) => {
    const version = String(req.params['version']);
    if (version !== 'v3.0' && version !== 'v3.1') return next();
    const person = await parts.personOfToken(bearerOf(req));
    if (person === undefined) return refuse(res, 401, 'Unauthorized');
    const found = answer(person, version, String(req.params['id']));
    if (found === undefined) return refuse(res, 404, 'Resource not found');
    res.json(found);
  };
}

function bearerOf(req: Request): string {
  return /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
}

function refuse(res: Response, status: number, message: string): void {
  res.status(status).json({ message });
}
