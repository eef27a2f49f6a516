// The confirmation before something is removed permanently: its typed id, and the reason.
import type { ComponentChildren } from 'preact';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { FormToken } from '../../support/pages/support-layout.tsx';

interface RemoveFormProps {
  readonly session: StaffSession;
  readonly action: string;
  /** What is removed. */
  readonly what: 'client' | 'district';
  readonly id: string;
  /** The text of the button. */
  readonly label: string;
  /** Below the button. */
  readonly children?: ComponentChildren;
}

export const RemoveForm = ({ session, action, what, id, label, children }: RemoveFormProps) => (
  <form class="stack" method="post" action={action}>
    <FormToken session={session} />
    <div class="field">
      <label for="confirm">
        Type the id of the {what}: {id}
      </label>
      <input id="confirm" name="confirm" type="text" required autocomplete="off" spellcheck={false} />
    </div>
    <div class="field">
      <label for="reason">Why?</label>
      <input id="reason" name="reason" type="text" required maxLength={300} autocomplete="off" />
    </div>
    <button class="button" type="submit">
      {label}
    </button>
    {children}
  </form>
);
