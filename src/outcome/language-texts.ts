// All texts for visitors, as one language defines them. A missing text does not compile.
import type { RosterSource } from '../district/district.ts';
import type { Role } from '../formats/feed.ts';
import type { Difference } from '../identity/explain-mismatch.ts';
import type { Code, Message, Owner } from './outcome-codes.ts';

/**
 * The reader of a text. A child: very short sentences, only words that a seven-year-old knows. An adult: what is wrong,
 * what to request, and from which party. No text is about another person.
 */
export type Reader = 'child' | 'adult';

/** What happened, and what to do, one step per line. */
interface ReaderTexts {
  readonly heading: string;
  readonly what: string;
  readonly steps: readonly string[];
}

interface CodeTexts extends Readonly<Record<Reader, ReaderTexts>> {
  /** Undefined where no message is needed. */
  readonly message: Message | undefined;
}

/** Codes whose message asks for something else if the roster does not come from the district's own files. */
export type CodeBySource = 'account_inactive' | 'not_rostered';

interface Short {
  readonly heading: string;
  readonly what: string;
}

export interface LanguageTexts {
  /** The language's own name for itself, for the language switch. */
  readonly name: string;
  /** BCP 47, for `lang`. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  /** The separator between two sentences: empty in Chinese. */
  readonly sentenceGap: '' | ' ';
  /** Between a greeting and a name. */
  readonly comma: string;
  readonly codes: Readonly<Record<Code, CodeTexts>>;
  /** In place of the message's `ask`. */
  readonly asks: Readonly<Record<CodeBySource, Readonly<Record<Exclude<RosterSource, 'district'>, string>>>>;
  /** In place of the message's `ask`, where the two addresses cannot be made the same as one of them is missing. */
  readonly asksByDifference: Readonly<Record<'no_email', string>>;
  /** How the two addresses of an email_mismatch differ. */
  readonly differences: Readonly<Record<Difference, Readonly<Record<Reader, string>>>>;
  /** Which of the two addresses has an unusual form. */
  readonly sides: Readonly<Record<'clever' | 'roster', string>>;
  readonly pages: PageTexts;
}

/** The texts of the pages around a refusal. */
interface PageTexts {
  readonly logIn: string;
  readonly tryAgain: string;
  readonly signOut: string;
  readonly language: string;
  /** Before SUPPORT_CONTACT. */
  readonly help: string;
  readonly refusal: {
    readonly nothingWrong: string;
    readonly whoCanFix: string;
    /** A sentence for a child, before the steps; a name for an adult. */
    readonly owners: Readonly<Record<Owner, Readonly<Record<Reader, string>>>>;
    readonly address: string;
    readonly notYou: Readonly<Record<Reader, string>>;
    readonly steps: string;
    readonly reference: Readonly<Record<Reader, string>>;
    readonly referenceUse: string;
    readonly message: string;
    readonly messageOpening: string;
    readonly messageAddress: string;
    readonly messageDistrict: string;
    readonly messageDate: string;
    readonly copy: string;
    readonly copied: string;
    readonly writeEmail: string;
    readonly forTeacher: string;
    /** Where Clever has not identified the user, who may be a teacher or an administrator. */
    readonly forAdults: string;
    readonly forTeacherSend: Readonly<Record<'district' | 'summit' | 'school', string>>;
    readonly pictures: Readonly<Record<Owner, string>>;
  };
  readonly start: Short;
  readonly home: Short & { readonly help: string };
  readonly signedIn: {
    readonly title: string;
    readonly greeting: string;
    readonly picture: string;
    readonly roles: Readonly<Record<Role, string>>;
    readonly goOn: string;
    /** Label of an administrator's link to the district pages, which are in English. */
    readonly district: string;
    readonly notYou: Readonly<Record<Reader, string>>;
  };
  readonly signedOut: Short & {
    readonly picture: string;
    readonly sharedHeading: string;
    readonly sharedWhy: string;
    readonly sharedSteps: readonly string[];
    readonly leaveClever: string;
  };
  readonly notFound: Short;
  readonly otherMethod: Short;
  readonly forbidden: Short;
  readonly goHome: string;
}
