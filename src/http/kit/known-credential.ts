// Whether a request has a valid credential. Set by the guards, read by the limits: a status is no proof, because public
// routes answer 200 to any secret.
import type { Response } from 'express';

export function markCredentialKnown(response: Response): void {
  response.locals['credentialIsKnown'] = true;
}

export const isCredentialKnown = (response: Response): boolean => response.locals['credentialIsKnown'] === true;
