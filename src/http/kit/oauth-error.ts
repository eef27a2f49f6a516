// Errors of OAuth endpoints: RFC 6749 section 5.2, so that any language's OAuth library understands them.
import type { Response } from 'express';

export function sendOAuthError(
  response: Response,
  status: 400 | 401 | 403,
  error: 'invalid_request' | 'invalid_client' | 'unauthorized_client',
): void {
  response.status(status).set('Cache-Control', 'no-store').json({ error });
}
