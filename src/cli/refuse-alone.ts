// What a command does not do where STAFF_FOUR_EYES is on: the shell is one person, and nobody who is a second one. docs/adr/0043.
import type { ExitCode, Output } from './output.ts';

interface Alone {
  readonly services: { readonly hasFourEyes: boolean };
  readonly output: Output;
}

/** Undefined where a command may do what needs a second person; else the exit code of what it said. */
export const refuseAlone = ({ services, output }: Alone): ExitCode | undefined =>
  services.hasFourEyes
    ? output.problem({
        code: 'second_person_needed',
        detail:
          'STAFF_FOUR_EYES is on: one member of staff asks for this on the pages of support or administration, and a second one approves it there. Where nobody can, run this command with STAFF_FOUR_EYES=off; it is recorded as done by "command".',
      })
    : undefined;
