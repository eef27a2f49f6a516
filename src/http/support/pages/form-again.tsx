// The form of an action, shown again because a field is missing: what was filled in stays, and the missing ones are named.
import type { ComponentChildren } from 'preact';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { SupportLayout } from './support-layout.tsx';

export interface MissingField {
  /** Of its element on the page. */
  readonly id: string;
  readonly label: string;
}

export const MissingFields = ({ missing }: { readonly missing: readonly MissingField[] }) => (
  <div class="note todo" role="alert">
    <p>Nothing was done. Please fill in:</p>
    <ul>
      {missing.map(({ id, label }) => (
        <li key={id}>
          <a href={`#${id}`}>{label}</a>
        </li>
      ))}
    </ul>
  </div>
);

interface FormAgainPageProps {
  readonly session: StaffSession | undefined;
  readonly title: string;
  readonly missing: readonly MissingField[];
  /** Of the page to return to without the action. */
  readonly back: string;
  /** The form. */
  readonly children: ComponentChildren;
}

export const FormAgainPage = ({ session, title, missing, back, children }: FormAgainPageProps) => (
  <SupportLayout title={title} session={session}>
    <h1>{title}</h1>
    <MissingFields missing={missing} />
    {children}
    <p>
      <a class="onward" href={back}>
        Leave it as it is
      </a>
    </p>
  </SupportLayout>
);
