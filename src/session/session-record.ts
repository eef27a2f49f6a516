// One session as it is kept: its fields, their stored names, and the seal.
import * as z from 'zod';
import { rememberOpened } from '../store/remember-opened.ts';
import { sealedJson } from '../store/sealed.ts';
import type { Address } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface SessionRecord {
  readonly sid: string;
  readonly districtId: string;
  readonly accountId: string;
  /** The published roster's version under which the session was opened. */
  readonly rosterVersion: number;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Blinded state of the sign-in that opened it: a reload of that callback continues to the product. */
  readonly openedBy: string;
  readonly returnTo: string;
  /** The session epoch under which it was opened; absent in records from before session epochs. */
  readonly sessionEpoch?: string | undefined;
}

/** As it is stored, where the version is called `serial` and the session epoch `gate`. */
type StoredSession = Omit<SessionRecord, 'rosterVersion' | 'sessionEpoch'> & {
  readonly serial: number;
  readonly gate?: string | undefined;
};
const sessionShape: z.ZodType<StoredSession> = z.object({
  sid: z.string(),
  districtId: z.string(),
  accountId: z.string(),
  serial: z.number(),
  issuedAt: z.number(),
  expiresAt: z.number(),
  openedBy: z.string(),
  returnTo: z.string(),
  gate: z.string().exactOptional(),
});
const toStored = ({ rosterVersion: serial, sessionEpoch: gate, openedBy, returnTo, ...rest }: SessionRecord) => ({
  ...rest,
  serial,
  gate,
  openedBy,
  returnTo,
});
const fromStored = ({ serial, gate, ...rest }: StoredSession): SessionRecord => ({
  ...rest,
  rosterVersion: serial,
  sessionEpoch: gate,
});

export interface SessionSeals {
  seal(at: Address, session: SessionRecord): Buffer;
  /** The same bytes are opened once. @throws SealBroken, StoredShapeUnknown */
  open(at: Address, sealed: Buffer): SessionRecord;
}

/** @param maxRemembered opened sessions that are kept in memory */
export function createSessionSeals(vault: Vault, maxRemembered: number): SessionSeals {
  const sessions = sealedJson(vault, sessionShape);
  return {
    seal: (at, session) => sessions.seal(at, toStored(session)),
    open: rememberOpened(maxRemembered, (at, sealed) => fromStored(sessions.open(at, sealed))),
  };
}
