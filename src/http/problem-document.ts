// A refusal as a program reads it: RFC 9457, contract section 3. Owns the body; send-refusal decides who gets it.
import type { Difference } from '../identity/explain-mismatch.ts';
import type { Code, Refused } from '../sign-in/outcome.ts';
import { showReference } from '../support/reference.ts';
import type { Language } from './language.ts';
import { problemTexts } from './problem-texts.ts';
import { type Owner, problemOf } from './problems.ts';

export interface ProblemDocument {
  readonly type: `urn:summit-k12:sso-bridge:problem:${Code}`;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: Code;
  /** `XXXX-XXXX` */
  readonly reference?: string;
  readonly owner: Owner;
  readonly retryable: boolean;
  readonly difference?: Difference;
}

/**
 * Holds nothing of the person: not even the masked address. The title is the same for every occurrence of a code
 * (RFC 9457 section 3.1.3); the detail is said to the audience.
 */
export function problemDocument(refused: Refused, language: Language): ProblemDocument {
  const { code, reference, difference } = refused;
  const { status, owner, retryable } = problemOf(code);
  return {
    type: `urn:summit-k12:sso-bridge:problem:${code}`,
    title: problemTexts[language].codes[code].employee.heading,
    status,
    detail: describeRefusal(refused, language),
    code,
    ...(reference !== undefined && { reference: showReference(reference) }),
    owner,
    retryable,
    ...(difference !== undefined && { difference }),
  };
}

/** What happened, in one to three sentences for the audience of the refusal. */
export function describeRefusal({ code, audience, difference }: Refused, language: Language): string {
  const { codes, differences } = problemTexts[language];
  const { what } = codes[code][audience];
  return difference === undefined ? what : `${what} ${differences[difference][audience]}`;
}
