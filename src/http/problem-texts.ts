// The shape of what people are told about a refusal, and the one place that chooses it. A code, an audience or a
// difference without words in each language does not compile.
import type { Difference } from '../identity/explain-mismatch.ts';
import type { RosterSource } from '../roster/roster-source.ts';
import type { Audience, Code } from '../sign-in/outcome.ts';
import type { Language } from './language.ts';
import { english } from './problem-texts.en.ts';
import { spanish } from './problem-texts.es.ts';

/** What one reader is told: what happened, and what to do, one step a line. */
export interface Saying {
  readonly heading: string;
  readonly what: string;
  readonly steps: readonly string[];
}

export interface Message {
  readonly what: string;
  readonly ask: string;
}

export interface CodeTexts extends Readonly<Record<Audience, Saying>> {
  /** Said in the third person, since the visitor sends it and support does; undefined where nobody needs a message. */
  readonly message: Message | undefined;
}

/** The person is not in the roster: who can change that depends on where the roster comes from. */
type MissingCode = 'not_rostered' | 'account_inactive';

export interface ProblemTexts {
  readonly codes: Readonly<Record<Code, CodeTexts>>;
  /** What to ask for instead of the code's `ask`, where the roster does not come from the district's own files. */
  readonly asks: Readonly<Record<MissingCode, Readonly<Record<Exclude<RosterSource, 'district'>, string>>>>;
  /** How the two addresses of an email_mismatch differ. */
  readonly differences: Readonly<Record<Difference, Readonly<Record<Audience, string>>>>;
}

export const problemTexts: Readonly<Record<Language, ProblemTexts>> = { en: english, es: spanish };

/** What the visitor sends, and support does; undefined where nobody needs a message. */
export function messageOf(
  code: Code,
  source: RosterSource | undefined = 'district',
  language: Language = 'en',
): Message | undefined {
  const { codes, asks } = problemTexts[language];
  const { message } = codes[code];
  if (message === undefined || source === 'district') return message;
  return code === 'not_rostered' || code === 'account_inactive' ? { ...message, ask: asks[code][source] } : message;
}
