// A refusal as a program reads it: RFC 9457, contract section 3. Owns the body; send-refusal decides when it is sent.

import type { Difference } from '../identity/explain-mismatch.ts';
import { type Language, texts } from './languages.ts';
import type { Refused } from './outcome.ts';
import { type Code, type Owner, outcomeCodes } from './outcome-codes.ts';
import { showReference } from './reference.ts';
import { describeRefusal } from './refusal-texts.ts';

export interface ProblemDocument {
  readonly type: `urn:summit-k12:sso-bridge:problem:${Code}`;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: Code;
  /** `XXXX-XXXX-X` */
  readonly reference?: string;
  readonly owner: Owner;
  readonly retryable: boolean;
  readonly difference?: Difference;
}

/**
 * Contains no personal data, not even the masked address. The title is the same for every occurrence of a code (RFC
 * 9457 section 3.1.3); the detail depends on the audience.
 */
export function problemDocument(refused: Refused, language: Language): ProblemDocument {
  const { code, reference, difference } = refused;
  const { status, owner, retryable } = outcomeCodes[code];
  return {
    type: `urn:summit-k12:sso-bridge:problem:${code}`,
    title: texts[language].codes[code].adult.heading,
    status,
    detail: describeRefusal(refused, language, refused.audience === 'student' ? 'child' : 'adult'),
    code,
    ...(reference !== undefined && { reference: showReference(reference) }),
    owner,
    retryable,
    ...(difference !== undefined && { difference }),
  };
}
