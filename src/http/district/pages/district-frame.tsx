// The frame of a district's own pages.
import type { ComponentChildren } from 'preact';
import { Contact } from '../../pages/contact.tsx';
import { Navigation, StaffLayout } from '../../pages/staff-layout.tsx';

interface DistrictFrameProps {
  readonly title: string;
  readonly here: string;
  readonly formToken: string;
  /** A school administrator has no access to the other pages. */
  readonly isSchool: boolean;
  /** SUPPORT_CONTACT. */
  readonly contact: string | undefined;
  readonly children: ComponentChildren;
}

const places = [
  ['/district', 'Sign-ins'],
  ['/district/rosters', 'Upload a roster'],
  ['/district/preflight', 'Check Clever’s list'],
  ['/district/trail', 'Activity'],
] as const;

export function DistrictFrame({ title, here, formToken, isSchool, contact, children }: DistrictFrameProps) {
  const open = isSchool ? places.slice(0, 1) : places;
  const navigation = (
    <Navigation label="Your district" places={open} here={here}>
      <form method="post" action="/logout">
        <input type="hidden" name="form" value={formToken} />
        <button class="plain" type="submit">
          Sign out
        </button>
      </form>
    </Navigation>
  );
  return (
    <StaffLayout
      title={title}
      name="Summit K12 for districts"
      navigation={navigation}
      footer={contact && <Contact label="Summit K12 support" contact={contact} />}
    >
      {children}
    </StaffLayout>
  );
}
