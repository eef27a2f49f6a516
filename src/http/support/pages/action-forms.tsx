// Forms for single actions, each with a reason for the audit log.
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { describeAction } from './action-texts.ts';
import { FormToken } from './support-layout.tsx';

interface ReasonFormProps {
  readonly session: StaffSession | undefined;
  readonly action: string;
  readonly label: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** It will wait for a second person. */
  readonly waits?: boolean;
  /** What was filled in, if the form is shown again. */
  readonly given?: string | undefined;
}

/** Shown before the request if a second person is needed. */
const waitsText = 'A second person with scope admin has to approve it: nothing is done before that.';

export const WaitsNote = ({ waits }: { readonly waits: boolean }) => (waits ? <p class="quiet">{waitsText}</p> : null);

/** The id of its field: a page may have several of these forms. */
export const reasonFieldOf = (action: string, fields: Readonly<Record<string, string>> = {}): string =>
  `reason-${action}-${Object.values(fields).join('-')}`.replace(/[^\w-]/g, '-');

export function ReasonForm({ session, action, label: does, fields = {}, waits = false, given }: ReasonFormProps) {
  const label = waits ? `Ask to ${does.slice(0, 1).toLowerCase()}${does.slice(1)}` : does;
  const id = reasonFieldOf(action, fields);
  return (
    <form class="act" method="post" action={action}>
      <FormToken session={session} />
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div>
        <label for={id}>{label}: why?</label>
        <input id={id} name="reason" type="text" required maxLength={300} autocomplete="off" value={given} />
      </div>
      <button class="button second" type="submit">
        {label}
      </button>
    </form>
  );
}

interface MoveLinkFormProps extends Waiting {
  readonly session: StaffSession | undefined;
  readonly district: string;
  /** What was filled in, if the form is shown again. */
  readonly given?: Readonly<Record<string, string | undefined>>;
}

/** The fields of the form that moves a link. */
export const moveFields = [
  ['from', 'Former SIS id or account id'],
  ['to', 'SIS id or account id now'],
  ['reason', 'Move the link: why?'],
] as const;

/** For a person who has another id in the roster now. */
export function MoveLinkForm({ session, district, waits, given = {} }: MoveLinkFormProps) {
  const label = waits ? 'Ask to move the link' : 'Move the link';
  return (
    <form class="stack" method="post" action={`/support/districts/${district}/links/move`}>
      <FormToken session={session} />
      {moveFields.map(([name, text]) => (
        <div key={name} class="field">
          <label for={`move-${name}`}>{text}</label>
          <input
            id={`move-${name}`}
            name={name}
            type="text"
            required
            maxLength={300}
            autocomplete="off"
            value={given[name]}
          />
        </div>
      ))}
      <button class="button second" type="submit">
        {label}
      </button>
    </form>
  );
}

interface AccountActionsProps extends Waiting {
  readonly session: StaffSession | undefined;
  readonly district: string;
  readonly account: string;
  /** A readable name of the account. */
  readonly name: string;
  readonly isOpen: boolean;
  /** Of the attempt to return to. */
  readonly reference?: string;
}

export interface Waiting {
  /** STAFF_FOUR_EYES: whether giving an account to another user or changing a roster waits for a second person. */
  readonly waits: boolean;
}

/** Collapsed, unless the attempt calls for it: a correct link must not be released as a last resort. */
export function AccountActions({ session, district, account, name, isOpen, reference, waits }: AccountActionsProps) {
  const about = { district, facts: { name } };
  const fields = { account, ...(reference === undefined ? {} : { reference }) };
  return (
    <details class="actions-of" open={isOpen}>
      <summary>Act on the account of {name}</summary>
      <p class="quiet">Account {account}. What you do and why is recorded under your name.</p>
      <p>{describeAction({ ...about, action: { kind: 'release_link', account } }).effect}</p>
      <ReasonForm
        session={session}
        action={`/support/districts/${district}/links/release`}
        label="Release the link"
        fields={fields}
        waits={waits}
      />
      <WaitsNote waits={waits} />
      <p>{describeAction({ ...about, action: { kind: 'end_sessions', account } }).effect}</p>
      <ReasonForm
        session={session}
        action={`/support/districts/${district}/sessions/end`}
        label="End the sessions"
        fields={fields}
      />
    </details>
  );
}
