// The closed set of contract section 3: what each code means to programs and to support. The texts for visitors are in
// languages/. A code is added here; the compiler then names each language that lacks a text for it.
import type { RosterSource } from '../district/district.ts';

/** Who must act before the sign-in can work. */
export type Owner = 'district' | 'summit' | 'clever' | 'user' | 'wait';

/** In the third person, since both the visitor and support send it. */
export interface Message {
  readonly what: string;
  readonly ask: string;
}

interface CodeDefinition {
  readonly status: 400 | 403 | 429 | 502 | 503;
  readonly owner: Owner;
  readonly retryable: boolean;
  /** Retrying on the same day does not help, so the page offers no retry. */
  readonly isForTomorrow?: true;
  /** For the Retry-After header, unless the caller has a better value. */
  readonly retryAfterSeconds?: number;
  /** What happened, in English, for the lists of support. */
  readonly title: string;
  /** The next step of support, one or two sentences, in English. */
  readonly nextStep: string;
  /** The same if the roster does not come from the district's own files. */
  readonly nextStepBySource?: Readonly<Record<Exclude<RosterSource, 'district'>, string>>;
  /** What support asks the district, in English, where Summit K12 acts but needs the district's answer. */
  readonly districtQuestion?: Message;
}

const definitions = {
  /** Clever gives the login a type that Summit K12 does not serve, such as a family contact. */
  user_type_unsupported: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'This login cannot open Summit K12',
    nextStep:
      'Send the message below to the district: at Clever this login is of a kind that Summit K12 does not serve.',
  },
  /** Clever names a district that no registered district is linked to. */
  district_not_linked: {
    status: 403,
    owner: 'summit',
    retryable: false,
    title: 'Your district is not connected yet',
    nextStep:
      'This Clever district is linked to no district here. If it is a customer, a person with the scope admin links it: Administration, “Link a district”.',
  },
  /** The district is connected and has never published a roster. */
  roster_pending: {
    status: 403,
    owner: 'wait',
    retryable: true,
    isForTomorrow: true,
    title: 'The class list is not here yet',
    nextStep:
      'Nothing is wrong with the person: they get in as soon as the district’s first roster is here. If they cannot wait, the message below asks the district when that will be.',
  },
  /** Clever sent no email address, so no account can be matched. */
  email_missing: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'Clever sent no email address',
    nextStep: 'Send the message below to the district: it gives the person an address in Clever.',
  },
  /** Clever sent an email that is not one plain address. */
  email_invalid: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'The email address in Clever is not valid',
    nextStep: 'Send the message below to the district: it corrects the address in Clever.',
  },
  /**
   * More than one account has the email address, or the rosters of two methods give the id of its account to two
   * people.
   */
  ambiguous: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'The roster does not say whose account this is',
    nextStep:
      'Send the message below to the district: it gives each account its own address, or corrects the roster that gives one id to another person.',
  },
  /** The address belongs to an account of the other kind: student or employee. */
  role_conflict: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'The role in Clever and in the roster do not match',
    nextStep: 'Send the message below to the district: it corrects who is a student and who is an employee.',
  },
  /** The newest roster no longer lists the account. */
  account_inactive: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'This account is no longer in the roster',
    nextStep:
      'Ask whether the person left the district. If not, send the message below: the district adds them to its roster again.',
    nextStepBySource: {
      clever:
        'Ask whether the person left the district. If not, send the message below: it shares the person with the app SK12 Secure Sync in Clever, where this district’s roster comes from, with a SIS id. Clever is read every night; “sync” reads the district now.',
      both: 'Ask whether the person left the district. If not, send the message below: it adds the person to the roster it sends, or shares the person with the app SK12 Secure Sync in Clever, where this district’s roster comes from, with a SIS id. Clever is read every night; “sync” reads the district now.',
      spreadsheet:
        'Ask whether the person left the district. If not, send the message below: it adds the person to the spreadsheet of teachers and staff (Roster Account Provisioning: only students come from Clever), and it is published.',
    },
  },
  /** No account has exactly the address that Clever sent, and one has an address that resembles it. */
  email_mismatch: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'The email address does not match',
    nextStep:
      'Send the message below to the district, which makes both addresses the same, to the letter. Then the person signs in again.',
  },
  /** No account of the roster has the address or resembles it. */
  not_rostered: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'We did not find this account',
    nextStep: 'Send the message below to the district: it adds the person to the roster it sends.',
    nextStepBySource: {
      clever:
        'Send the message below to the district: it shares the person with the app SK12 Secure Sync in Clever, where this district’s roster comes from, with a SIS id. Clever is read when the person signs in again, and every night; “sync” reads the district now.',
      both: 'Send the message below to the district: it adds the person to the roster it sends, or shares the person with the app SK12 Secure Sync in Clever, where this district’s roster comes from, with a SIS id. Clever is read when the person signs in again, and every night; “sync” reads the district now.',
      spreadsheet:
        'Send the message below to the district: it adds the person to the spreadsheet of teachers and staff (Roster Account Provisioning: only students come from Clever), and it is published.',
    },
  },
  /** The account is linked to another Clever login. */
  identity_changed: {
    status: 403,
    owner: 'summit',
    retryable: false,
    title: 'We need to check this account',
    nextStep:
      'Send the message below to the district: it asks whether the person of this login is the one whom the account belongs to. If so, release the link below. If not, the address was given to a new person: the district gives the former person’s account another one.',
    districtQuestion: {
      what: 'The person’s Clever login is not the one that the Summit K12 account was opened with.',
      ask: 'Is the person of this login the one whom the account belongs to? If so, please say so, and Summit K12 lets the person in. If the address was given to a new person, please say that: the account then stays with the person who had it, under another address in the roster.',
    },
  },
  /** Clever says that the district has not shared the app with this person. */
  app_not_shared: {
    status: 403,
    owner: 'district',
    retryable: false,
    title: 'Summit K12 is not shared with you in Clever',
    nextStep:
      'Write into the message below who it is, since Clever did not say, and send it to the district: it shares the app with the person in Clever.',
  },
  /** Clever ended the sign-in with another `error=`, for example because it was cancelled. */
  clever_denied: {
    status: 403,
    owner: 'user',
    retryable: true,
    title: 'Clever ended this sign-in',
    nextStep:
      'Clever ended the sign-in, for example because the person pressed Cancel. Ask the person to start again from the Clever portal.',
  },
  /** The state of the sign-in is unknown, expired, used, or of another browser. */
  sign_in_expired: {
    status: 400,
    owner: 'user',
    retryable: true,
    title: 'Let’s start again',
    nextStep: 'Ask the person to start again from the Clever portal.',
  },
  /** The restarted sign-in came back without the bridge's cookie. */
  cookies_blocked: {
    status: 400,
    owner: 'user',
    retryable: true,
    title: 'This browser blocks our cookies',
    nextStep: 'Ask the person to allow cookies for this site, then to start again from the Clever portal.',
  },
  /** A protocol parameter is repeated or too long. */
  malformed_request: {
    status: 400,
    owner: 'user',
    retryable: false,
    title: 'This link does not work',
    nextStep: 'Ask the person to start again from the Clever portal.',
  },
  /** Clever rejects the bridge's client or sends no id_token. */
  clever_misconfigured: {
    status: 502,
    owner: 'summit',
    retryable: false,
    title: 'Summit K12 has to fix something',
    nextStep:
      'Tell the operator of this server; the person can do nothing. Clever refuses our app: client id, secret, redirect address, or OpenID Connect is not on.',
  },
  /** Clever refused the authorization code, or its id_token failed verification. */
  clever_rejected: {
    status: 502,
    owner: 'clever',
    retryable: true,
    title: 'Clever could not finish the sign-in',
    nextStep:
      'Ask the person to start again from the Clever portal. If it happens to many, tell the operator of this server.',
  },
  /** Clever timed out, closed the connection, or answered with 5xx or an invalid response. */
  clever_unavailable: {
    status: 503,
    owner: 'clever',
    retryable: true,
    retryAfterSeconds: 5,
    title: 'Clever is not answering',
    nextStep: 'Ask the person to wait a minute and try again. If it happens to many, Clever is down.',
  },
  /** The store does not answer. */
  service_unavailable: {
    status: 503,
    owner: 'summit',
    retryable: true,
    retryAfterSeconds: 5,
    title: 'Sign-in is not available right now',
    nextStep: 'Ask the person to wait a minute and try again. If it happens to many, tell the operator of this server.',
  },
  /** Too many requests from one address or client. */
  rate_limited: {
    status: 429,
    owner: 'wait',
    retryable: true,
    retryAfterSeconds: 60,
    title: 'Please wait a little',
    nextStep: 'Ask the person to wait a minute and try again.',
  },
} as const satisfies Readonly<Record<string, CodeDefinition>>;

export type Code = keyof typeof definitions;

export const outcomeCodes: Readonly<Record<Code, CodeDefinition>> = definitions;

export const isCode = (text: string): text is Code => Object.hasOwn(outcomeCodes, text);
