// What the demo prints: the portal's address first, then whom to click and what happens, then how support looks it up.
import { join } from 'node:path';
import { syncPeople } from '../clever/data-people.ts';
import { portWexley } from '../clever/districts.ts';
import { handRosteredPeople } from '../clever/hand-rostered-people.ts';
import { oneRosterPeople } from '../clever/oneroster-people.ts';
import { demoPerson } from '../clever/people.ts';
import { nameOf, type Person } from '../clever/person.ts';
import { adminPerson, supportPerson } from '../staff-provider/staff-people.ts';

export interface DemoAddresses {
  readonly portal: string;
  readonly bridge: string;
  readonly product: string;
  /** The second product. */
  readonly coach: string;
  readonly ops: string;
  /** STORE_URL of the demo's store. */
  readonly store: string;
  /** Where the demo keeps its files. */
  readonly folder: string;
  /** What the pre-flight of Port Wexley says. */
  readonly preflight: readonly string[];
}

const worthTrying: readonly (readonly [key: string, whatHappens: string])[] = [
  ['student', 'everything matches: straight into the product'],
  ['teacher', 'the same for a teacher'],
  ['administrator', 'the same for an administrator'],
  ['capital', 'a capital letter in Clever: refused, with the difference'],
  ['look-alike', 'a letter that only looks the same: refused'],
  ['other-domain', 'Clever has the old domain: refused'],
  ['no-email', 'no address at Clever: refused, on a page for a child'],
  ['ambiguous', 'two accounts share the address: refused'],
  ['recycled-second', "has Jonah Silva's old address: sign in as Jonah first"],
  ['left', 'left the roster yesterday: refused'],
  ['pending', 'the district has sent no roster yet: refused'],
];

const worthTryingSynced: readonly (readonly [key: string, whatHappens: string])[] = [
  ['sync-student', 'synced from Clever: straight in'],
  ['sync-no-email', 'has no address: the Clever id is enough here'],
  ['sync-new-address', 'new address since last night: read from Clever at the sign-in'],
  ['sync-new-student', 'shared since last night: the same'],
  ['provisioned-student', 'account from Clever, class by spreadsheet'],
  ['provisioned-teacher', 'account by spreadsheet'],
];

const worthTryingOneRoster: readonly (readonly [key: string, whatHappens: string])[] = [
  ['oneroster-student', 'in a OneRoster set: straight in'],
  ['oneroster-administrator', 'site administrator in roles.csv: a School Admin'],
  ['oneroster-disabled', 'enabledUser is false: refused'],
];

const worthTryingByHand: readonly (readonly [key: string, whatHappens: string])[] = [
  ['template-student', 'in the Student Roster Template: straight in'],
  ['template-student-spelled', 'another spelling in the template: refused'],
  ['template-lead-teacher', 'two rows of the Admin and Teacher Roster Template, no id: straight in'],
  ['template-district-admin', 'District Admin by the template: straight in'],
];

export function whatToTry({ portal, bridge, product, coach, ops, store, folder, preflight }: DemoAddresses): string {
  const line = (person: Person, whatHappens: string) => `  ${nameOf(person).padEnd(20)}  ${whatHappens}`;
  const rows = worthTrying.map(([key, whatHappens]) => line(demoPerson(key), whatHappens));
  const synced = syncPeople.flatMap((person) =>
    worthTryingSynced.filter(([key]) => key === person.key).map(([, whatHappens]) => line(person, whatHappens)),
  );
  const oneRoster = oneRosterPeople.flatMap((person) =>
    worthTryingOneRoster.filter(([key]) => key === person.key).map(([, whatHappens]) => line(person, whatHappens)),
  );
  const byHand = handRosteredPeople.flatMap((person) =>
    worthTryingByHand.filter(([key]) => key === person.key).map(([, whatHappens]) => line(person, whatHappens)),
  );
  return [
    '',
    `Clever portal (a stand-in)   ${portal}`,
    '',
    'Open it, click a person, then the app Summit K12. For example:',
    '',
    ...rows,
    '',
    'Rostered by OneRoster CSV 1.2 (app Summit K12), and launched into Reading Coach, which has a site of its own:',
    '',
    ...oneRoster,
    '',
    "Rostered by hand, with Summit K12's two templates (app Summit K12):",
    '',
    ...byHand,
    '',
    'Rostered by Clever itself (app SK12 Secure Sync), one district whole, one with a spreadsheet of its teachers:',
    '',
    ...synced,
    '',
    'Reading Coach signs in by OpenID Connect, and shares no cookie with the bridge:',
    '',
    `  1  open ${coach} and sign in: a user who is signed in at the bridge gets in without a page`,
    '  2  sign out there, or at the bridge: both are signed out',
    '  3  its code is in sandbox/reading-coach; in Python: examples/python-oidc',
    '  A program without a secret, on your own machine; it prints the address to open:',
    `  BRIDGE_URL=${bridge} CLIENT_ID=desktop-app node dist/sandbox/desktop-app/main.js`,
    '',
    'A pre-flight of Port Wexley, before anyone clicks:',
    '',
    ...preflight.map((line) => `  ${line}`),
    `  (the list for the district: ${join(folder, 'pre-flight.csv')})`,
    '',
    'To try it, with the sample list of people as Clever exports it; change a row, and see what the report says about it:',
    '',
    `  STORE_URL=${store} npx sso-bridge preflight ${join(folder, 'clever-people.csv')} --district ${portWexley.slug}`,
    `  or upload it, as ${adminPerson.email}, at ${bridge}/admin/districts/${portWexley.slug}/preflight`,
    '',
    'The page of a refusal shows a reference. In the role of support:',
    '',
    `  1  open ${bridge}/support and sign in as ${supportPerson.email}`,
    '     (no password: the provider is a stand-in too)',
    '  2  type the reference as heard on the phone: small letters, no dash, the letter O for a zero',
    '  3  see what differs, who must act, and the message to copy for the district',
    '',
    `As ${adminPerson.email} also the audit log, and the actions on a roster.`,
    'Or in a second terminal, from this folder:',
    '',
    `  STORE_URL=${store} npx sso-bridge attempts --reference XXXX-XXXX-X`,
    `  STORE_URL=${store} npx sso-bridge attempts --since 1h`,
    '',
    `Bridge ${bridge}   product ${product}   Reading Coach ${coach}   metrics ${ops}/metrics`,
    'All users are made up. Ctrl-C stops everything and removes its files.',
    '',
  ].join('\n');
}
