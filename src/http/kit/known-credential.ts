// Whether a request showed a valid credential. Set by the guards, read by the limits: a status is no proof,
// because routes that ask for nothing answer 200 to any secret.
import type { Response } from 'express';

export function markCredentialKnown(response: Response): void {
  response.locals['credentialIsKnown'] = true;
}

export const isCredentialKnown = (response: Response): boolean => response.locals['credentialIsKnown'] === true;
