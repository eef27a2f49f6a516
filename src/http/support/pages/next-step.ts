// What whoever answers the phone does next about an attempt, one sentence or two for each code.
import type { RosterSource } from '../../../roster/roster-source.ts';
import type { Code } from '../../../sign-in/outcome.ts';
import type { Attempt } from '../../../support/attempt.ts';
import type { AttemptCase } from '../../../support/attempt-case.ts';
import { whoRosters } from '../district-message.ts';

const tryAgain = 'Ask the person to start again from the Clever portal.';
const tellOperator = 'Tell whoever runs this server; the person can do nothing.';

const steps = {
  user_type_unsupported:
    'Send the message below to the district: at Clever this login is of a kind that Summit K12 does not serve.',
  district_not_linked:
    'Tell whoever runs this server: this Clever district is linked to none of ours. If it is a customer, it is linked with “district put”.',
  roster_pending:
    'Nothing is wrong with the person: they get in as soon as the district’s first roster is here. If they cannot wait, the message below asks the district when that will be.',
  email_missing: 'Send the message below to the district: it gives the person an address in Clever.',
  email_invalid: 'Send the message below to the district: it corrects the address in Clever.',
  ambiguous: 'Send the message below to the district: it gives each account its own address.',
  role_conflict: 'Send the message below to the district: it corrects who is a student and who is an employee.',
  account_inactive:
    'Ask whether the person left the district. If not, send the message below: the district adds them to its roster again.',
  email_mismatch:
    'Send the message below to the district. It makes both addresses the same, to the letter; then the person signs in again.',
  not_rostered: 'Send the message below to the district: it adds the person to the roster it sends.',
  identity_changed:
    'Send the message below to the district: it asks whether the person of this login is the one whom the account belongs to. If so, release the link below. If not, the address was given to somebody new: the district gives the former person’s account another one.',
  app_not_shared:
    'Write into the message below who it is, since Clever did not say, and send it to the district: it shares the app with the person in Clever.',
  clever_denied: `Clever ended the sign-in, as when somebody presses Cancel. ${tryAgain}`,
  sign_in_expired: tryAgain,
  cookies_blocked: 'Ask the person to allow cookies for this site, then to start again from the Clever portal.',
  malformed_request: tryAgain,
  clever_misconfigured: `${tellOperator} Clever refuses our app: client id, secret, redirect address, or OpenID Connect is not on.`,
  clever_rejected: `${tryAgain} If it happens to many, tell whoever runs this server.`,
  clever_unavailable: 'Ask the person to wait a minute and try again. If it happens to many, Clever is down.',
  service_unavailable: `Ask the person to wait a minute and try again. If it happens to many, tell whoever runs this server.`,
  rate_limited: 'Ask the person to wait a minute and try again.',
} satisfies Record<Code, string>;

const inClever = 'shares the person with the app SK12 Secure Sync in Clever, where this district’s roster comes from';
const inSheet =
  'the spreadsheet of teachers and staff (Roster Account Provisioning: only students come from Clever), and it is published';

/** Where the roster does not come from the district's own files: who brings the person in, and how it gets here. */
const missing = {
  clever: `${inClever}, with a SIS id`,
  both: `adds the person to the roster it sends, or ${inClever}, with a SIS id`,
  spreadsheet: `adds the person to ${inSheet}`,
} satisfies Record<Exclude<RosterSource, 'district'>, string>;

const allNow = '“sync” reads the district now.';
const readAgain = {
  not_rostered: `Clever is read when the person signs in again, and every night; ${allNow}`,
  // Who left is not read again at the door.
  account_inactive: `Clever is read every night; ${allNow}`,
} as const;

const ask = {
  not_rostered: 'Send the message below to the district',
  account_inactive: 'Ask whether the person left the district. If not, send the message below',
} as const;

export function tellNextStep(attempt: Pick<Attempt, 'code' | 'clever'>, district: AttemptCase['district']): string {
  const { code } = attempt;
  const source = whoRosters(attempt, district);
  if ((code !== 'not_rostered' && code !== 'account_inactive') || source === 'district') return steps[code];
  return `${ask[code]}: it ${missing[source]}.${source === 'spreadsheet' ? '' : ` ${readAgain[code]}`}`;
}
