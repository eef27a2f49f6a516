// The second from which sessions may be issued after an ending. Offline verifiers compare whole seconds, so `iat` alone
// must distinguish sessions from before the ending from later ones.
import type { PublishedRoster } from './published-roster.ts';

/** For a published roster that ends sessions now. Seconds since the epoch. @param spareSeconds for a write that takes longer */
export const nextIssueTime = (published: PublishedRoster, now: number, spareSeconds = 0): number =>
  Math.max(Math.floor(now / 1000) + 1 + spareSeconds, published.issuesFrom ?? 0);

/** The last moment whose sessions such an ending ends. Milliseconds since the epoch. */
export const endOf = (issuesFrom: number): number => issuesFrom * 1000 - 1;

/** A sign-in written before the ending may be of a second that the ending does not cover. */
export const isOvertaken = (issuesFrom: number, now: number): boolean => Math.floor(now / 1000) >= issuesFrom;
