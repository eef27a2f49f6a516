// Why no account matched: contract section 2, line 7 and "Evidence". Pure. Explains; never matches.
import type { Candidate } from './candidate.ts';
import { type Fold, lookAlike } from './folding.ts';
import type { Identity } from './identity.ts';

/** How the roster's address differs from the one Clever sends; `no_email`: the roster has the person without an address. */
export type Difference = Fold | 'domain' | 'local_part' | 'other' | 'no_email';

export interface EmailMismatch<Known extends Candidate = Candidate> {
  readonly kind: 'refused';
  readonly code: 'email_mismatch';
  readonly difference: Difference;
  /** The account the evidence points to, and its address; for staff only. */
  readonly candidate: Known;
  /** Undefined where the difference is `no_email`. */
  readonly rosterEmail: string | undefined;
}

export interface NotRostered {
  readonly kind: 'refused';
  readonly code: 'not_rostered';
}

interface Evidence<Known extends Candidate = Candidate> {
  /** Active accounts of the district whose address looks like the claim's. */
  readonly lookingAlike: readonly Known[];
  /** Active accounts that carry, or are linked to, this Clever id, or have the SIS id that Clever gives for this person. */
  readonly sameId: readonly Known[];
  /** All active accounts with this given and family name. */
  readonly sameName: readonly Known[];
}

interface Near<Known> {
  readonly candidate: Known;
  readonly rosterEmail: string | undefined;
  readonly difference: Difference;
}

const order: readonly Difference[] = ['case', 'unicode', 'whitespace', 'domain', 'local_part', 'other', 'no_email'];

/** @param address the claim, a plain address that no active account of this kind has exactly */
export function explainMismatch<Known extends Candidate>(
  identity: Identity,
  address: string,
  evidence: Evidence<Known>,
): EmailMismatch<Known> | NotRostered {
  const ofThisKind = (candidates: readonly Known[]) =>
    candidates.filter((candidate) => candidate.kind === identity.kind);
  const alike = nearest(address, ofThisKind(evidence.lookingAlike), lookAlike);
  if (alike !== undefined) return mismatch(alike);
  const sameId = nearestOrBlank(address, ofThisKind(evidence.sameId));
  if (sameId !== undefined) return mismatch(sameId);
  const namesakes = ofThisKind(evidence.sameName);
  const sameName = namesakes.length === 1 ? nearestOrBlank(address, namesakes) : undefined;
  return sameName === undefined ? { kind: 'refused', code: 'not_rostered' } : mismatch(sameName);
}

const mismatch = <Known extends Candidate>({
  difference,
  candidate,
  rosterEmail,
}: Near<Known>): EmailMismatch<Known> => ({
  kind: 'refused',
  code: 'email_mismatch',
  difference,
  candidate,
  rosterEmail,
});

/** Falls back to the first candidate if none has an address. */
function nearestOrBlank<Known extends Candidate>(
  address: string,
  candidates: readonly Known[],
): Near<Known> | undefined {
  const blank = candidates.toSorted((one, other) => compareText(one.accountId, other.accountId))[0];
  return (
    nearest(address, candidates, differenceOfParts) ??
    (blank && { candidate: blank, rosterEmail: undefined, difference: 'no_email' })
  );
}

/** The roster address that differs least. The result does not depend on the order of the candidates. */
function nearest<Known extends Candidate>(
  address: string,
  candidates: readonly Known[],
  compare: (address: string, rosterEmail: string) => Difference | undefined,
): Near<Known> | undefined {
  const found = candidates.flatMap((candidate) =>
    candidate.sources.flatMap(({ email }): Near<Known>[] => {
      const difference = email === undefined ? undefined : compare(address, email);
      return email === undefined || difference === undefined ? [] : [{ candidate, rosterEmail: email, difference }];
    }),
  );
  return found.sort(
    (one, other) =>
      order.indexOf(one.difference) - order.indexOf(other.difference) ||
      compareText(one.candidate.accountId, other.candidate.accountId),
  )[0];
}

function differenceOfParts(address: string, rosterEmail: string): Difference {
  const [claimLocal, claimDomain] = parts(address);
  const [rosterLocal, rosterDomain] = parts(rosterEmail);
  if (claimLocal === rosterLocal) return 'domain';
  return claimDomain === rosterDomain ? 'local_part' : 'other';
}

function parts(address: string): readonly [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}

const compareText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
