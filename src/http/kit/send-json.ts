// A JSON answer that no cache keeps.
import type { Response } from 'express';

export const sendJson = (response: Response, body: object): void =>
  void response.set('Cache-Control', 'no-store').json(body);
