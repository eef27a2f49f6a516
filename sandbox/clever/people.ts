// The people of the demo: each awkward case of a sign-in is a person, with what the roster says of them and how their
// sign-in must end. sandbox/rosters is made from `rostered`; end-to-end tests walk `expectedOutcome`.
import { alderCreek, harborPoint, juniperFlats, portWexley } from './districts.ts';
import { cleverIdOf, type District, type Person } from './person.ts';

export interface RosterEntry {
  readonly record: 'student' | 'teacher' | 'staff';
  readonly sisId: string;
  readonly givenName: string;
  readonly familyName: string;
  /** The cell as the district wrote it. */
  readonly email: string;
  /** `Role` of staff.csv. */
  readonly staffRole?: string;
}

export type ExpectedOutcome =
  | { readonly kind: 'signed-in'; readonly role: 'student' | 'teacher' | 'staff' | 'administrator' }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly difference?: 'case' | 'whitespace' | 'unicode' | 'domain' | 'local_part' | 'other';
    };

export interface DemoPerson extends Person {
  /** Short and stable, for tests and addresses. */
  readonly key: string;
  readonly about: string;
  readonly rostered: readonly RosterEntry[];
  /** Rows only the roster before this one had. */
  readonly formerly?: readonly RosterEntry[];
  /** `login`: the outcome is met from the app's own button; a portal launch ends at Clever. */
  readonly start: 'portal' | 'login';
  /** Key of the person who must have signed in before. */
  readonly after?: string;
  readonly expectedOutcome: ExpectedOutcome;
}

interface Case {
  readonly key: string;
  readonly district: District;
  readonly type?: string;
  readonly name: readonly [given: string, family?: string];
  readonly email?: string;
  readonly sisId?: string;
  readonly roles?: readonly string[];
  readonly atClever?: 'unshared' | 'cancels';
  readonly about: string;
  readonly rostered?: readonly RosterEntry[];
  readonly formerly?: readonly RosterEntry[];
  readonly start?: 'portal' | 'login';
  readonly after?: string;
  readonly ends: ExpectedOutcome;
}

const jf = 'juniperflats.example';
const pw = 'portwexley.example';

const signedIn = (role: 'student' | 'teacher' | 'staff' | 'administrator'): ExpectedOutcome => ({
  kind: 'signed-in',
  role,
});
const refused = (code: string): ExpectedOutcome => ({ kind: 'refused', code });
const mismatch = (
  difference: 'case' | 'whitespace' | 'unicode' | 'domain' | 'local_part' | 'other',
): ExpectedOutcome => ({
  kind: 'refused',
  code: 'email_mismatch',
  difference,
});

function entry(
  record: RosterEntry['record'],
  sisId: string,
  givenName: string,
  familyName: string,
  email: string,
): RosterEntry {
  return { record, sisId, givenName, familyName, email };
}

const cases: readonly Case[] = [
  {
    key: 'student',
    district: juniperFlats,
    name: ['Marisol', 'Okafor'],
    email: `mokafor@students.${jf}`,
    about: 'Student. Everything matches.',
    rostered: [entry('student', '710001', 'Marisol', 'Okafor', `mokafor@students.${jf}`)],
    ends: signedIn('student'),
  },
  {
    key: 'teacher',
    district: juniperFlats,
    type: 'teacher',
    name: ['Desmond', 'Achterberg'],
    email: `dachterberg@${jf}`,
    about: 'Teacher. Everything matches.',
    rostered: [entry('teacher', '9101', 'Desmond', 'Achterberg', `dachterberg@${jf}`)],
    ends: signedIn('teacher'),
  },
  {
    key: 'administrator',
    district: juniperFlats,
    type: 'district_admin',
    name: ['Priya', 'Castellanos'],
    email: `pcastellanos@${jf}`,
    about: 'District administrator. Everything matches.',
    rostered: [
      {
        ...entry('staff', '9301', 'Priya', 'Castellanos', `pcastellanos@${jf}`),
        staffRole: 'District Admin',
      },
    ],
    ends: signedIn('administrator'),
  },
  {
    key: 'staff',
    district: juniperFlats,
    type: 'staff',
    name: ['Halvard', 'Nakagawa'],
    email: `hnakagawa@${jf}`,
    about: 'Librarian, in the staff file. Everything matches.',
    rostered: [entry('staff', '9302', 'Halvard', 'Nakagawa', `hnakagawa@${jf}`)],
    ends: signedIn('staff'),
  },
  {
    key: 'teacher-and-staff',
    district: juniperFlats,
    type: 'teacher',
    name: ['Ngozi', 'Lindqvist'],
    email: `nlindqvist@${jf}`,
    roles: ['teacher', 'staff'],
    about: 'Teacher who is also in the staff file, with the same address: one person.',
    rostered: [
      entry('teacher', '9102', 'Ngozi', 'Lindqvist', `nlindqvist@${jf}`),
      entry('staff', '9303', 'Ngozi', 'Lindqvist', `nlindqvist@${jf}`),
    ],
    ends: signedIn('teacher'),
  },
  {
    key: 'roster-space',
    district: juniperFlats,
    name: ['Ezekiel', 'Tran'],
    email: `etran@students.${jf}`,
    about: 'The roster cell has spaces around the address; they are removed at import, so it matches.',
    rostered: [entry('student', '710002', 'Ezekiel', 'Tran', ` etran@students.${jf}  `)],
    ends: signedIn('student'),
  },
  {
    key: 'capital',
    district: juniperFlats,
    name: ['Tomasz', 'Abara'],
    email: `TAbara@students.${jf}`,
    about: 'Clever has capitals in the address, the roster is lower case.',
    rostered: [entry('student', '710003', 'Tomasz', 'Abara', `tabara@students.${jf}`)],
    ends: mismatch('case'),
  },
  {
    key: 'look-alike',
    district: juniperFlats,
    name: ['Saoirse', 'Patel'],
    email: `sp\u0430tel@students.${jf}`,
    about: 'The a in the Clever address is a Cyrillic letter that looks the same.',
    rostered: [entry('student', '710004', 'Saoirse', 'Patel', `spatel@students.${jf}`)],
    ends: mismatch('unicode'),
  },
  {
    key: 'space',
    district: juniperFlats,
    name: ['Kwame', 'Delacroix'],
    email: `kdelacroix@students.${jf} `,
    about: 'The Clever address ends in a space.',
    rostered: [entry('student', '710005', 'Kwame', 'Delacroix', `kdelacroix@students.${jf}`)],
    ends: mismatch('whitespace'),
  },
  {
    key: 'no-email',
    district: juniperFlats,
    name: ['Odalys', 'Berhane'],
    about: 'Clever has no address for this student (signs in with a badge).',
    rostered: [entry('student', '710006', 'Odalys', 'Berhane', '')],
    ends: refused('email_missing'),
  },
  {
    key: 'not-plain',
    district: juniperFlats,
    name: ['Lucian', 'Whitehorse'],
    email: `lwhitehorse@students@${jf}`,
    about: 'The Clever address has two @ signs.',
    rostered: [entry('student', '710007', 'Lucian', 'Whitehorse', `lwhitehorse@students.${jf}`)],
    ends: refused('email_invalid'),
  },
  {
    key: 'ambiguous',
    district: juniperFlats,
    name: ['Amara', 'Sandoval'],
    email: `asandoval@students.${jf}`,
    about: 'Two students of the roster have this address.',
    rostered: [
      entry('student', '710008', 'Amara', 'Sandoval', `asandoval@students.${jf}`),
      entry('student', '710009', 'Amira', 'Sandoval', `asandoval@students.${jf}`),
    ],
    ends: refused('ambiguous'),
  },
  {
    key: 'teachers-address',
    district: juniperFlats,
    name: ['Bodhi', 'Marchetti'],
    email: `lmarchetti@${jf}`,
    about: "A student whose Clever address belongs to a teacher's account in the roster.",
    rostered: [
      entry('student', '710010', 'Bodhi', 'Marchetti', ''),
      entry('teacher', '9103', 'Livia', 'Marchetti', `lmarchetti@${jf}`),
    ],
    ends: refused('role_conflict'),
  },
  {
    key: 'recycled-first',
    district: juniperFlats,
    name: ['Jonah', 'Silva'],
    email: `jsilva@students.${jf}`,
    about: 'Has used this address before; sign in as Jonah first, then as Joaquim.',
    rostered: [entry('student', '710011', 'Jonah', 'Silva', `jsilva@students.${jf}`)],
    ends: signedIn('student'),
  },
  {
    key: 'recycled-second',
    district: juniperFlats,
    name: ['Joaquim', 'Silva'],
    email: `jsilva@students.${jf}`,
    about: "Was given Jonah's old address: another person at Clever, the same address.",
    after: 'recycled-first',
    ends: refused('identity_changed'),
  },
  {
    key: 'left',
    district: juniperFlats,
    name: ['Farida', 'Kowalczyk'],
    email: `fkowalczyk@students.${jf}`,
    about: 'Left: the newest roster dropped this student.',
    formerly: [entry('student', '710012', 'Farida', 'Kowalczyk', `fkowalczyk@students.${jf}`)],
    ends: refused('account_inactive'),
  },
  {
    key: 'contact',
    district: juniperFlats,
    type: 'contact',
    name: ['Renata', 'Okafor'],
    email: 'renata.okafor@mail.example',
    about: "A student's guardian: a contact at Clever.",
    ends: refused('user_type_unsupported'),
  },
  {
    key: 'unknown-type',
    district: juniperFlats,
    type: 'volunteer',
    name: ['Casimir', 'Yang'],
    email: `cyang@${jf}`,
    about: 'Clever sends an unknown kind of user.',
    ends: refused('user_type_unsupported'),
  },
  {
    key: 'unshared',
    district: juniperFlats,
    name: ['Wilhelmina', 'Adeyemi'],
    email: `wadeyemi@students.${jf}`,
    atClever: 'unshared',
    about: 'The district has not shared the app with this student. Use “Log in with Clever” at the app.',
    rostered: [entry('student', '710013', 'Wilhelmina', 'Adeyemi', `wadeyemi@students.${jf}`)],
    start: 'login',
    ends: refused('app_not_shared'),
  },
  {
    key: 'cancels',
    district: juniperFlats,
    type: 'teacher',
    name: ['Thaddeus', 'Moreau'],
    email: `tmoreau@${jf}`,
    atClever: 'cancels',
    about: 'Presses Cancel whenever Clever asks.',
    rostered: [entry('teacher', '9104', 'Thaddeus', 'Moreau', `tmoreau@${jf}`)],
    ends: refused('clever_denied'),
  },
  {
    key: 'student-2',
    district: portWexley,
    name: ['Zoë', 'Halloran'],
    email: `zoe.halloran@${pw}`,
    about: 'Student with a letter beyond ASCII in the name. Everything matches.',
    rostered: [entry('student', 'S-20001', 'Zoë', 'Halloran', `zoe.halloran@${pw}`)],
    ends: signedIn('student'),
  },
  {
    key: 'teacher-2',
    district: portWexley,
    type: 'teacher',
    name: ['Rosalind', 'Nwosu'],
    email: `rosalind.nwosu@staff.${pw}`,
    about: 'Teacher. Everything matches.',
    rostered: [entry('teacher', 'T-801', 'Rosalind', 'Nwosu', `rosalind.nwosu@staff.${pw}`)],
    ends: signedIn('teacher'),
  },
  {
    key: 'administrator-2',
    district: portWexley,
    type: 'district_admin',
    name: ['Ignatius', 'Feld'],
    email: `ignatius.feld@staff.${pw}`,
    about: 'District administrator. Everything matches.',
    rostered: [
      {
        ...entry('staff', 'E-501', 'Ignatius', 'Feld', `ignatius.feld@staff.${pw}`),
        staffRole: 'District Admin',
      },
    ],
    ends: signedIn('administrator'),
  },
  {
    key: 'other-domain',
    district: portWexley,
    name: ['Xiomara', 'Teague'],
    email: 'xiomara.teague@wexley-k12.example',
    about: 'Clever still has the old domain in the address.',
    rostered: [entry('student', 'S-20002', 'Xiomara', 'Teague', `xiomara.teague@${pw}`)],
    ends: mismatch('domain'),
  },
  {
    key: 'other-local-part',
    district: portWexley,
    name: ['Emeka', 'Rosenthal'],
    email: `erosenthal@${pw}`,
    about: 'The part before the @ differs between Clever and the roster.',
    rostered: [entry('student', 'S-20003', 'Emeka', 'Rosenthal', `emeka.rosenthal@${pw}`)],
    ends: mismatch('local_part'),
  },
  {
    key: 'other-address',
    district: portWexley,
    type: 'teacher',
    name: ['Philippa', 'Dubois-Grant'],
    email: 'philippa.grant@mail.example',
    about: 'A quite different address, but the only employee of that name.',
    rostered: [entry('teacher', 'T-802', 'Philippa', 'Dubois-Grant', `philippa.dubois-grant@staff.${pw}`)],
    ends: mismatch('other'),
  },
  {
    key: 'not-rostered',
    district: portWexley,
    name: ['Mateus', 'Ilves'],
    email: `mateus.ilves@${pw}`,
    about: 'New at the school; the roster does not know them at all.',
    ends: refused('not_rostered'),
  },
  {
    key: 'other-districts-address',
    district: portWexley,
    name: ['Clementine', 'Arroyo'],
    email: `carroyo@students.${jf}`,
    about: 'Moved here; the address is still on the roster of Juniper Flats, which must not matter.',
    ends: refused('not_rostered'),
  },
  {
    key: 'sparse',
    district: portWexley,
    name: ['Juno'],
    about: 'Clever gives neither an address nor a last name.',
    rostered: [entry('student', 'S-20004', 'Juno', 'Vandermeer', '')],
    ends: refused('email_missing'),
  },
  {
    key: 'pending',
    district: alderCreek,
    name: ['Leopold', 'Achebe'],
    email: 'lachebe@aldercreek.example',
    about: 'The district is linked, but its first roster has not arrived.',
    ends: refused('roster_pending'),
  },
  {
    key: 'unlinked',
    district: harborPoint,
    name: ['Soledad', 'Brandt'],
    email: 'sbrandt@harborpoint.example',
    about: 'The district has the app at Clever, but is not linked to the bridge.',
    ends: refused('district_not_linked'),
  },
];

function personOf(one: Case): DemoPerson {
  const id = cleverIdOf(`person/${one.key}`);
  const userType = one.type ?? 'student';
  const sisId = one.sisId ?? one.rostered?.[0]?.sisId ?? one.formerly?.[0]?.sisId;
  return {
    key: one.key,
    id,
    legacyId: userType === 'student' ? id : cleverIdOf(`legacy/${one.key}`),
    district: one.district.id,
    userType,
    ...(one.email === undefined ? {} : { email: one.email }),
    givenName: one.name[0],
    ...(one.name[1] === undefined ? {} : { familyName: one.name[1] }),
    ...(sisId === undefined ? {} : { sisId }),
    ...(one.roles === undefined ? {} : { roles: one.roles }),
    ...(one.atClever === undefined ? {} : { atClever: one.atClever }),
    about: one.about,
    rostered: one.rostered ?? [],
    ...(one.formerly === undefined ? {} : { formerly: one.formerly }),
    start: one.start ?? 'portal',
    ...(one.after === undefined ? {} : { after: one.after }),
    expectedOutcome: one.ends,
  };
}

export const demoPeople: readonly DemoPerson[] = cases.map(personOf);

/** Rows no person at Clever belongs to, which a case needs. */
export const otherRosterEntries: Readonly<Record<string, readonly RosterEntry[]>> = {
  [juniperFlats.slug]: [entry('student', '710014', 'Clementina', 'Arroyo', `carroyo@students.${jf}`)],
};

/** @throws Error when no demo person has the key */
export function demoPerson(key: string): DemoPerson {
  const found = demoPeople.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no demo person '${key}'`);
  return found;
}
