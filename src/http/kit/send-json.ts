// A JSON response that is not cached.
import type { Response } from 'express';

export const sendJson = (response: Response, body: object): void =>
  void response.set('Cache-Control', 'no-store').json(body);
