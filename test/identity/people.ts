// Candidates and identities for the tests of this room, each with only what the test is about.
import type { Candidate, CandidateSource } from '../../src/identity/candidate.ts';
import { readEmail } from '../../src/identity/email.ts';
import type { Identity, Kind } from '../../src/identity/identity.ts';

interface Traits {
  readonly id?: string;
  readonly kind?: Kind;
  readonly email?: string | undefined;
  readonly cleverId?: string;
  readonly method?: CandidateSource['method'];
  readonly name?: readonly [given: string, family: string];
}

export const candidate = ({
  id = 'account-1',
  kind = 'student',
  name = ['Ana', 'Ruiz'],
  ...source
}: Traits = {}): Candidate => ({
  accountId: id,
  kind,
  sisId: `sis-${id}`,
  givenName: name[0],
  familyName: name[1],
  sources: [{ method: source.method ?? 'sftp', email: source.email, cleverId: source.cleverId }],
});

export const identity = (
  email: unknown,
  {
    kind = 'student',
    cleverId = 'clever-1',
    givenName,
    familyName,
  }: { kind?: Kind; cleverId?: string; givenName?: string; familyName?: string } = {},
): Identity => ({
  kind,
  userType: kind === 'student' ? 'student' : 'teacher',
  cleverId,
  cleverDistrict: 'district-1',
  email: readEmail(email),
  givenName,
  familyName,
});
