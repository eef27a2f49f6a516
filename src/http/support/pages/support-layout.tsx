// The layout of every support page: navigation, the signed-in user, and sign-out. In English, for staff.
import type { ComponentChildren } from 'preact';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { Navigation, StaffLayout } from '../../pages/staff-layout.tsx';
import { untranslated } from '../../pages/untranslated.ts';
import { useReader } from './time.tsx';

type Section = 'search' | 'incidents' | 'attempts' | 'districts' | 'trail' | 'admin';

export interface SupportLayoutProps {
  readonly title: string;
  readonly session?: StaffSession | undefined;
  /** The navigation entry of this page. */
  readonly here?: Section;
  readonly children: ComponentChildren;
}

export const SupportLayout = ({ title, session, here, children }: SupportLayoutProps) => (
  <StaffLayout
    title={title}
    name="Summit K12 support"
    navigation={session && <StaffNavigation session={session} here={here} />}
    footer={
      session && (
        <>
          <ZoneForm session={session} />
          <p class="quiet">
            Signed in as <span {...untranslated}>{session.email}</span>
          </p>
        </>
      )
    }
  >
    {children}
  </StaffLayout>
);

const places: readonly (readonly [Section, path: string, label: string])[] = [
  ['search', '/support', 'Search'],
  ['incidents', '/support/incidents', 'Incidents'],
  ['attempts', '/support/attempts', 'Attempts'],
  ['districts', '/support/districts', 'Districts'],
  ['trail', '/support/trail', 'Audit log'],
  ['admin', '/admin', 'Administration'],
];

const forAdmins: readonly Section[] = ['trail', 'admin'];

function StaffNavigation({ session, here }: { readonly session: StaffSession; readonly here: Section | undefined }) {
  const open = places.filter(([section]) => !forAdmins.includes(section) || session.scope === 'admin');
  return (
    <Navigation
      label="Support"
      places={open.map(([, path, label]) => [path, label] as const)}
      here={places.find(([section]) => section === here)?.[1]}
    >
      <form method="post" action="/support/logout">
        <FormToken session={session} />
        <button class="plain" type="submit" title={`Signed in as ${session.email}`}>
          Sign out
        </button>
      </form>
    </Navigation>
  );
}

export const FormToken = ({ session }: { readonly session?: StaffSession | undefined }) =>
  session === undefined ? null : <input type="hidden" name="form" value={session.formToken} />;

export const ownerNames = {
  district: 'The district',
  summit: 'Summit K12',
  clever: 'Clever',
  user: 'The person',
  wait: 'No one: wait',
} as const;

const zones: readonly (readonly [zone: string, name: string])[] = [
  ['UTC', 'UTC'],
  ['America/New_York', 'Eastern'],
  ['America/Chicago', 'Central'],
  ['America/Denver', 'Mountain'],
  ['America/Phoenix', 'Arizona'],
  ['America/Los_Angeles', 'Pacific'],
  ['America/Anchorage', 'Alaska'],
  ['Pacific/Honolulu', 'Hawaii'],
  ['America/Puerto_Rico', 'Puerto Rico'],
  ['Pacific/Guam', 'Guam'],
];

/** As the options of a select. */
export const zoneChoices = zones.map(([zone, name]) => [zone, name === zone ? name : `${name} (${zone})`] as const);

/** The time zone of these pages; stored in a cookie of this browser. */
function ZoneForm({ session }: { readonly session: StaffSession }) {
  const { zone, path } = useReader();
  const isOther = !zones.some(([name]) => name === zone);
  return (
    <form class="zone" method="post" action="/support/zone">
      <FormToken session={session} />
      <input type="hidden" name="return_to" value={path} />
      <label for="zone">Times in</label>
      <select id="zone" name="zone">
        {isOther && <option selected>{zone}</option>}
        {zoneChoices.map(([name, label]) => (
          <option key={name} value={name} selected={name === zone}>
            {label}
          </option>
        ))}
      </select>
      <button class="button second" type="submit">
        Use
      </button>
    </form>
  );
}
