// Whether whoever asks has shown something that is right. Told by the guards, heard by the limits: a status is no proof,
// because routes that ask for nothing answer 200 to any secret.
import type { Response } from 'express';

export function markCredentialKnown(response: Response): void {
  response.locals['credentialIsKnown'] = true;
}

export const isCredentialKnown = (response: Response): boolean => response.locals['credentialIsKnown'] === true;
