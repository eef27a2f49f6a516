// Selects the texts of a refusal: for the visitor, for the message that the visitor or support sends, for support, and for
// a program.
import type { RosterSource } from '../district/district.ts';
import { showTime } from '../district/time-zone.ts';
import type { Difference } from '../identity/explain-mismatch.ts';
import type { CodeBySource, Reader } from './language-texts.ts';
import { type Language, texts } from './languages.ts';
import type { Audience, Refused } from './outcome.ts';
import { type Code, type Message, type Owner, outcomeCodes } from './outcome-codes.ts';
import { showReference } from './reference.ts';

/** The reader of the page: a child also where the audience may be one. */
export const pageReaderOf = (audience: Audience): Reader => (audience === 'employee' ? 'adult' : 'child');

/** What happened, in one to three sentences. */
export function describeRefusal({ code, difference }: Refused, language: Language, reader: Reader): string {
  const { codes, differences } = texts[language];
  return joinSentences(language, [codes[code][reader].what, difference && differences[difference][reader]]);
}

/** Joined with the separator of the language; undefined ones are omitted. */
export const joinSentences = (language: Language, sentences: readonly (string | undefined)[]): string =>
  sentences.filter(Boolean).join(texts[language].sentenceGap);

/** The message that the visitor or support sends; undefined where none is needed. */
export function messageOf(
  { code, difference }: Pick<Refused, 'code' | 'difference'>,
  source: RosterSource | undefined = 'district',
  language: Language = 'en',
): Message | undefined {
  const { codes, asks, asksByDifference } = texts[language];
  const { message } = codes[code];
  if (message !== undefined && difference === 'no_email') return { what: message.what, ask: asksByDifference.no_email };
  if (message === undefined || source === 'district' || !isBySource(code)) return message;
  return { what: message.what, ask: asks[code][source] };
}

const isBySource = (code: Code): code is CodeBySource => code === 'not_rostered' || code === 'account_inactive';

export function nextStepOf(code: Code, source: RosterSource): string {
  const { nextStep, nextStepBySource } = outcomeCodes[code];
  return nextStepBySource === undefined || source === 'district' ? nextStep : nextStepBySource[source];
}

/** The message of a refusal, as shown, copied and sent by email. */
export interface WrittenMessage {
  readonly text: string;
  /** Label and value; `isCode` marks values that must not be translated. */
  readonly facts: readonly { readonly label: string; readonly value: string; readonly isCode: boolean }[];
}

/** @param now milliseconds since the epoch, used if the refusal has no time of its own */
export function writeMessage(refused: Refused, language: Language, now: number): WrittenMessage | undefined {
  const message = messageOf(refused, refused.rosterSource, language);
  if (message === undefined) return undefined;
  const { differences, sides, pages } = texts[language];
  const { refusal } = pages;
  const { difference, side, districtName, maskedEmail, reference } = refused;
  const sentences = [
    refusal.messageOpening,
    message.what,
    difference && differences[difference].adult,
    side && sides[side],
    message.ask,
  ];
  const date = showTime(refused.at ?? now, refused.timeZone);
  const fact = (label: string, value: string | undefined, isCode: boolean) =>
    value === undefined ? [] : [{ label, value, isCode }];
  return {
    text: joinSentences(language, sentences),
    facts: [
      ...fact(refusal.messageDistrict, districtName, false),
      ...fact(refusal.messageDate, date, true),
      ...fact(refusal.messageAddress, maskedEmail, true),
      ...fact(refusal.reference.adult, reference && showReference(reference), true),
    ],
  };
}

/** A refusal as a program reads it: RFC 9457, contract section 3. */
interface ProblemDocument {
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
