// A form that does one thing and asks why; the reason goes into the trail.
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { FormToken } from './desk-layout.tsx';

interface ReasonFormProps {
  readonly session: StaffSession | undefined;
  readonly action: string;
  readonly label: string;
  readonly fields?: Readonly<Record<string, string>>;
}

export function ReasonForm({ session, action, label, fields = {} }: ReasonFormProps) {
  const id = `reason-${action}-${Object.values(fields).join('-')}`.replace(/[^\w-]/g, '-');
  return (
    <form class="fields" method="post" action={action}>
      <FormToken session={session} />
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div>
        <label for={id}>{label}: why?</label>
        <input id={id} name="reason" type="text" required maxLength={300} autocomplete="off" />
      </div>
      <div>
        <button class="button second" type="submit">
          {label}
        </button>
      </div>
    </form>
  );
}
