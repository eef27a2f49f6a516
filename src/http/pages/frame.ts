// What every page gets from the request it answers, whatever it says.
import type { Language } from '../../outcome/languages.ts';

export interface Frame {
  readonly language: Language;
  /** The same page in another language: the language is put after it. */
  readonly switchTo: string;
  /** SUPPORT_CONTACT. */
  readonly contact: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
