// The languages people are answered in, and which of them a request asks for.
import type { Request } from 'express';

export type Language = 'en' | 'es';

/** By Accept-Language (RFC 9110 section 12.5.4), also for regional tags such as es-MX; English where it says neither. */
export function chooseLanguage(request: Request): Language {
  return request.acceptsLanguages('en', 'es') === 'es' ? 'es' : 'en';
}
