// What whoever answers the phone does next about an attempt, one sentence or two for each code.
import type { District } from '../../../roster/district.ts';
import type { Code } from '../../../sign-in/outcome.ts';
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

const shares =
  'shares the person with the app SK12 Secure Sync in Clever, where this district’s roster comes from, with a SIS id';

export function tellNextStep(code: Code, district: Pick<District, 'rostering'> | undefined): string {
  const from = whoRosters(district);
  if (code !== 'not_rostered' || from === 'district') return steps[code];
  const other = from === 'both' ? 'adds the person to the roster it sends, or ' : '';
  return `Send the message below to the district: it ${other}${shares}.`;
}
