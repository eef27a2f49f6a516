// The data that every page gets from its request.
import type { Language } from '../../outcome/languages.ts';

export interface Frame {
  readonly language: Language;
  /** The URL of the page in another language: the language is appended. */
  readonly switchTo: string;
  /** SUPPORT_CONTACT. */
  readonly contact: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
