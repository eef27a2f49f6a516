// What whoever answers the phone does next about an attempt, one sentence or two for each code.
import type { Code } from '../../../sign-in/outcome.ts';

const tryAgain = 'Ask the person to start again from the Clever portal.';
const tellOperator = 'Tell whoever runs this server; the person can do nothing.';

const steps = {
  user_type_unsupported:
    'Send the message below to the district: at Clever this login is of a kind that Summit K12 does not serve.',
  district_not_linked:
    'Tell whoever runs this server: this Clever district is linked to none of ours. If it is a customer, it is linked with “district put”.',
  roster_pending:
    'Nothing is wrong with the person. Send the message below to the district: its first roster is missing.',
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
    'Ask the district whether both Clever logins are one and the same person. If they are, release the link below. If not, the address was given to somebody new: the district gives the former person’s account another one.',
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

export const tellNextStep = (code: Code): string => steps[code];
