// What is told of every sign-in, for one log line and one metric each. Nothing personal.
import type { Outcome } from './complete-sign-in.ts';
import type { App, Code } from './outcome.ts';
import type { Note } from './record-refusal.ts';

export interface SignInEvent extends Note {
  /** `continued`: a reload or the back button led on to the session that is already there. */
  readonly outcome: 'signed_in' | 'continued' | Code;
  readonly app?: App;
  readonly reference?: string;
  readonly difference?: string;
  readonly durationMs?: number;
}

export function toSignInEvent(outcome: Outcome, app: App, durationMs: number): SignInEvent {
  const told = { ...outcome.note, app, durationMs };
  if (outcome.kind === 'continue') return { ...told, outcome: 'continued' };
  if (outcome.kind === 'signed-in') return { ...told, outcome: outcome.repeated ? 'continued' : 'signed_in' };
  const { code, reference, difference } = outcome;
  return {
    ...told,
    outcome: code,
    ...(reference === undefined ? {} : { reference }),
    ...(difference === undefined ? {} : { difference }),
  };
}
