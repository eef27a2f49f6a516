// What the demo prints: the portal's address first, then whom to click and what happens, then how support looks it up.
import { demoPerson } from '../clever/people.ts';
import { nameOf } from '../clever/person.ts';

export interface DemoAddresses {
  readonly portal: string;
  readonly bridge: string;
  readonly product: string;
  readonly ops: string;
  /** STORE_URL of the demo's store. */
  readonly store: string;
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

export function whatToTry({ portal, bridge, product, ops, store }: DemoAddresses): string {
  const rows = worthTrying.map(([key, whatHappens]) => `  ${nameOf(demoPerson(key)).padEnd(20)}  ${whatHappens}`);
  return [
    '',
    `Clever portal (a stand-in)   ${portal}`,
    '',
    'Open it, click a person, then the app Summit K12. For example:',
    '',
    ...rows,
    '',
    'A page that refuses shows a reference. In a second terminal, from this folder:',
    '',
    `  STORE_URL=${store} npx sso-bridge attempts --reference XXXX-XXXX`,
    `  STORE_URL=${store} npx sso-bridge attempts --since 1h`,
    '',
    `Bridge ${bridge}   product ${product}   metrics ${ops}/metrics`,
    'Nobody here is real. Ctrl-C stops everything and removes what it kept.',
    '',
  ].join('\n');
}
