// The event of a sign-in: one log line and one metric. Contains no personal data.

import type { App } from '../outcome/outcome.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import type { Outcome } from './complete-sign-in.ts';
import type { Note } from './record-refusal.ts';

export interface SignInEvent extends Note {
  /** `continued`: a reload or the back button led to the existing session. */
  readonly outcome: 'signed_in' | 'continued' | Code;
  readonly app?: App;
  readonly reference?: string;
  readonly difference?: string;
  readonly durationMs?: number;
  /** Any client can make any number of these: counted, and not logged individually. */
  readonly isUnproven?: true;
}

export function toSignInEvent(outcome: Outcome, app: App, durationMs: number): SignInEvent {
  const facts = { ...outcome.note, app, durationMs };
  if (outcome.kind === 'continue') return { ...facts, outcome: 'continued' };
  if (outcome.kind === 'signed-in') return { ...facts, outcome: outcome.repeated ? 'continued' : 'signed_in' };
  const { code, reference, difference, note, isUnproven = note?.unrecorded && reference === undefined } = outcome;
  return {
    ...facts,
    outcome: code,
    ...(reference === undefined ? {} : { reference }),
    ...(difference === undefined ? {} : { difference }),
    ...(isUnproven ? { isUnproven } : {}),
  };
}
