// Support pages that are not available: closed, not signed in, not allowed, not found.
import { untranslated } from '../../pages/untranslated.ts';
import { SupportLayout } from './support-layout.tsx';

export const deadEnds = {
  closed: { status: 403, heading: 'The support pages are closed', what: 'No sign-in for staff is set up here.' },
  'signed-out': {
    status: 401,
    heading: 'Please sign in',
    what: 'These pages are for Summit K12 staff. Sign in with your work account.',
  },
  'not-admin': { status: 403, heading: 'You may view this, but not do it', what: 'It needs the scope admin.' },
  'other-site': {
    status: 403,
    heading: 'Please go back and try again',
    what: 'This form was not sent from a page of this sign-in.',
  },
  'not-found': {
    status: 404,
    heading: 'There is nothing here',
    what: 'The address may be wrong, or what was here is deleted: attempts are kept for a limited time.',
  },
  misheard: {
    status: 400,
    heading: 'One character of this reference is wrong',
    what: 'Its last character does not fit the others. Ask the person to read it out again.',
  },
  malformed: {
    status: 400,
    heading: 'Please check what you entered',
    what: 'A field is missing, or is not in its form.',
  },
  refused: {
    status: 409,
    heading: 'This could not be done',
    what: 'Look at it again. It may have changed meanwhile, or there is nothing to release, approve or roll back.',
  },
  'too-many-waiting': {
    status: 409,
    heading: 'Too many requests wait already',
    what: 'Nothing was asked for. Have some of those that wait approved, declined or withdrawn first.',
  },
  'request-unknown': {
    status: 404,
    heading: 'There is no such request',
    what: 'How a request ended is kept for a day. What was done is in the audit log.',
  },
  'request-expired': {
    status: 410,
    heading: 'This request has expired',
    what: 'It waited for a day and was not approved. Nothing was done; ask again if it is still right.',
  },
  'request-decided': {
    status: 409,
    heading: 'This request is decided already',
    what: 'Another person approved, declined or withdrew it before you did. Open it again to see what was done.',
  },
  'second-person': {
    status: 403,
    heading: 'A second person has to do this',
    what: 'You asked for it yourself, or lack the scope admin. Nothing was done; the request still waits.',
  },
  expired: { status: 400, heading: 'The sign-in took too long', what: 'Please start it again.' },
  denied: { status: 403, heading: 'The sign-in was cancelled', what: 'Your provider says that you did not sign in.' },
  not_listed: {
    status: 403,
    heading: 'You are not on the list',
    what: 'Your verified address is on no list of support staff. Ask the operator of this server.',
  },
  email_not_verified: {
    status: 403,
    heading: 'Your address is not verified',
    what: 'Your provider does not say that it has verified an email address of yours. Ask the operator of this server: what each provider needs is in its guide (email_not_verified).',
  },
  other_issuer: {
    status: 502,
    heading: 'Your provider gives another name than is set up here',
    what: 'Trying again does not help. Ask the operator of this server to compare STAFF_ISSUER with the issuer of the provider (other_issuer).',
  },
  provider_failed: {
    status: 502,
    heading: 'Your provider does not answer as it should',
    what: 'Please try again in a minute.',
  },
} as const;

export type DeadEnd = keyof typeof deadEnds;

const again: readonly DeadEnd[] = [
  'signed-out',
  'expired',
  'denied',
  'provider_failed',
  'not_listed',
  'email_not_verified',
];

interface SupportDeadEndProps {
  readonly kind: DeadEnd;
  readonly returnTo?: string | undefined;
  /** The address that the user signed in with. */
  readonly email?: string | undefined;
}

export function SupportDeadEnd({ kind, returnTo, email }: SupportDeadEndProps) {
  const { heading, what } = deadEnds[kind];
  const login = returnTo === undefined ? '/support/login' : `/support/login?return_to=${encodeURIComponent(returnTo)}`;
  return (
    <SupportLayout title={heading}>
      <h1>{heading}</h1>
      <p>{what}</p>
      {email !== undefined && (
        <p>
          You signed in there as <strong {...untranslated}>{email}</strong>.
        </p>
      )}
      {again.includes(kind) && (
        <a class="button" href={login}>
          Sign in
        </a>
      )}
      {kind !== 'closed' && !again.includes(kind) && (
        <a class="onward" href="/support">
          Back to the search
        </a>
      )}
    </SupportLayout>
  );
}
