// The exact match: the one account of an identity. Contract section 2, lines 4 to 6. Pure; the caller fetches the
// candidates.
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

/** No active or dropped account has exactly this address; explain-mismatch.ts finds the reason. */
export interface Missed {
  readonly kind: 'missed';
  readonly address: string;
}

interface Candidates<Found extends Candidate = Candidate> {
  /** Active accounts of the identity's district that may match. Extra candidates are harmless, missing ones are not. */
  readonly active: readonly Found[];
  /** Accounts that the district's newest roster dropped. */
  readonly dropped: readonly Found[];
}

/**
 * An index returns at most one more than this of each kind for a key, however many accounts have it: two are enough to
 * be ambiguous. If more are returned, the index may have omitted further accounts with the same address.
 */
export const maxFoundAlike = 16;

/** Decides lines 4 to 6. The caller must pass candidates of the identity's district only; this is not checked. */
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
  if (candidate === undefined || fitting.length > 1 || isCrowded(identity, active))
    return { kind: 'refused', code: 'email_missing', about: fitting };
  return { kind: 'matched', candidate, by: 'clever_id', roster: 'secure-sync' };
}

const isCrowded = (identity: Identity, active: readonly Candidate[]) =>
  active.filter(({ kind }) => kind === identity.kind).length > maxFoundAlike;

// An account with an address in any source is matched by address only, never by its Clever id.
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
  // If the index omitted accounts, the result is ambiguous even with no match: an omitted account may have exactly this
  // address.
  if (ofThisKind.length > 1 || isCrowded(identity, candidates.active))
    return { kind: 'refused', code: 'ambiguous', about: ofThisKind };
  if (candidate?.isOfTwoPeople) return { kind: 'refused', code: 'ambiguous', about: [candidate] };
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

/** The source with the same string, character for character, without any folding. */
const sourceOf = (candidate: Candidate, address: string) =>
  candidate.sources.find((source) => source.email === address);
