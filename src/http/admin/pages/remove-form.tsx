// The confirmation before something is removed permanently: its typed id, and the reason.
import type { ComponentChildren } from 'preact';
import { readReason } from '../../../audit/reason.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { type MissingField, MissingFields } from '../../support/pages/form-again.tsx';
import { FormToken } from '../../support/pages/support-layout.tsx';

export interface FilledIn {
  readonly confirm: string;
  readonly reason: string;
}

interface WrongRemovalProps {
  readonly id: string;
  /** Undefined before the form was sent. */
  readonly given: FilledIn | undefined;
}

/** Which field was missing or wrong. */
export function WrongRemoval({ id, given }: WrongRemovalProps) {
  if (given === undefined) return null;
  const missing: MissingField[] = [
    ...(given.confirm === id ? [] : [{ id: 'confirm', label: `The id: ${id}` }]),
    ...(readReason(given.reason) === undefined ? [{ id: 'reason', label: 'Why?' }] : []),
  ];
  return <MissingFields missing={missing} />;
}

interface RemoveFormProps {
  readonly session: StaffSession;
  readonly action: string;
  /** What is removed. */
  readonly what: 'client' | 'district';
  readonly id: string;
  readonly given: FilledIn | undefined;
  /** The text of the button. */
  readonly label: string;
  /** Below the button. */
  readonly children?: ComponentChildren;
}

export const RemoveForm = ({ session, action, what, id, given, label, children }: RemoveFormProps) => (
  <form class="stack" method="post" action={action}>
    <FormToken session={session} />
    <div class="field">
      <label for="confirm">
        Type the id of the {what}: {id}
      </label>
      <input
        id="confirm"
        name="confirm"
        type="text"
        required
        autocomplete="off"
        spellcheck={false}
        value={given?.confirm}
      />
    </div>
    <div class="field">
      <label for="reason">Why?</label>
      <input
        id="reason"
        name="reason"
        type="text"
        required
        maxLength={300}
        autocomplete="off"
        value={given?.reason.slice(0, 300)}
      />
    </div>
    <button class="button" type="submit">
      {label}
    </button>
    {children}
  </form>
);
