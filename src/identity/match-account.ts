// The heart: which one account is this person? Contract section 2, lines 4 to 6. Pure, no await; the facts are fetched
// before, the exact comparison happens here.
import type { Candidate } from './candidate.ts';
import type { Identity } from './identity.ts';

export interface Matched<Found extends Candidate = Candidate> {
  readonly kind: 'matched';
  readonly candidate: Found;
  readonly by: 'email' | 'clever_id';
  /** The method whose row gave the address (or the Clever id). */
  readonly roster: Candidate['sources'][number]['method'];
}

export interface MatchRefused<Found extends Candidate = Candidate> {
  readonly kind: 'refused';
  readonly code: 'email_missing' | 'email_invalid' | 'ambiguous' | 'role_conflict' | 'account_inactive';
  /** The accounts the refusal is about; for staff only. */
  readonly about: readonly Found[];
}

/** Nobody of the active roster, nor of what it dropped, has exactly this address: time to ask why. */
export interface Missed {
  readonly kind: 'missed';
  readonly address: string;
}

export interface Candidates<Found extends Candidate = Candidate> {
  /** Active accounts of the identity's district that may fit; more than fit is harmless, fewer is not. */
  readonly active: readonly Found[];
  /** Accounts that the district's newest roster dropped. */
  readonly dropped: readonly Found[];
}

/** Decides lines 4 to 6. Candidates of another district must not be passed; nothing here could tell. */
export function matchAccount<Found extends Candidate>(
  identity: Identity,
  candidates: Candidates<Found>,
): Matched<Found> | MatchRefused<Found> | Missed {
  switch (identity.email.kind) {
    case 'absent':
      return matchByCleverId(identity, candidates.active);
    case 'invalid':
      return { kind: 'refused', code: 'email_invalid', about: [] };
    case 'plain':
      return matchByEmail(identity, identity.email.address, candidates);
  }
}

function matchByCleverId<Found extends Candidate>(
  identity: Identity,
  active: readonly Found[],
): Matched<Found> | MatchRefused<Found> {
  const fitting = active.filter(
    (candidate) =>
      candidate.kind === identity.kind && isWithoutEmail(candidate) && carries(candidate, identity.cleverId),
  );
  const [candidate] = fitting;
  if (candidate === undefined || fitting.length > 1) return { kind: 'refused', code: 'email_missing', about: fitting };
  return { kind: 'matched', candidate, by: 'clever_id', roster: 'secure-sync' };
}

// An account that any of its sources gives an address is found by that address or not at all.
const isWithoutEmail = (candidate: Candidate) => candidate.sources.every((source) => source.email === undefined);

const carries = (candidate: Candidate, cleverId: string) =>
  candidate.sources.some((source) => source.method === 'secure-sync' && source.cleverId === cleverId);

function matchByEmail<Found extends Candidate>(
  identity: Identity,
  address: string,
  candidates: Candidates<Found>,
): Matched<Found> | MatchRefused<Found> | Missed {
  const having = candidates.active.filter((candidate) => sourceOf(candidate, address) !== undefined);
  const ofThisKind = having.filter((candidate) => candidate.kind === identity.kind);
  const [candidate] = ofThisKind;
  if (ofThisKind.length > 1) return { kind: 'refused', code: 'ambiguous', about: ofThisKind };
  if (candidate !== undefined) {
    const roster = sourceOf(candidate, address)?.method ?? 'sftp';
    return { kind: 'matched', candidate, by: 'email', roster };
  }
  if (having.length > 0) return { kind: 'refused', code: 'role_conflict', about: having };
  const dropped = candidates.dropped.filter(
    (former) =>
      former.kind === identity.kind && sourceOf(former, address) !== undefined && !isActive(former, candidates),
  );
  if (dropped.length > 0) return { kind: 'refused', code: 'account_inactive', about: dropped };
  return { kind: 'missed', address };
}

const isActive = (former: Candidate, candidates: Candidates) =>
  candidates.active.some((candidate) => candidate.accountId === former.accountId);

/** The source that gives the same string, character for character. No folding of any kind. */
const sourceOf = (candidate: Candidate, address: string) =>
  candidate.sources.find((source) => source.email === address);
