// The likely sources of an address that differs between Clever and the roster, by the district's rostering methods.
// Plain lines for the message to the district.
import type { Rostering } from '../district/district.ts';

const atClever =
  'At Clever: addresses loaded there beside the sync (student_emails.csv, teacher_emails.csv, Google Accounts Manager), or the field of the student information system that Clever’s Auto Sync takes the address from.';

const ofRostering = {
  sftp: 'In the files sent to Summit K12: the column of the export that has the addresses (email in users.csv of OneRoster, where username may hold the one of the login; Student_email and Teacher_email in Clever’s format).',
  manual: 'In the spreadsheet sent to Summit K12: its column of email addresses.',
  'secure-sync':
    'The roster is read from Clever itself every night: an address that was corrected there since then is in it by tomorrow.',
} as const;

const methodOf = (rostering: Rostering): keyof typeof ofRostering =>
  rostering === 'sftp' || rostering === 'manual' ? rostering : 'secure-sync';

/** The first line is Clever's side, then one for each method of the district. */
export const likelyPlaces = (rostering: readonly Rostering[]): readonly string[] => [
  atClever,
  ...[...new Set(rostering.map(methodOf))].map((method) => ofRostering[method]),
];
