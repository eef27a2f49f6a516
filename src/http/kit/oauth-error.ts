// Errors of OAuth endpoints: RFC 6749 section 5.2, the format that OAuth libraries expect.
import type { Response } from 'express';

export function sendOAuthError(
  response: Response,
  status: 400 | 401 | 403,
  error: 'invalid_request' | 'invalid_client' | 'unauthorized_client',
): void {
  response.status(status).set('Cache-Control', 'no-store').json({ error });
}
