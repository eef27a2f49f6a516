// Refuses commands that need a second person where STAFF_FOUR_EYES is on: the shell has one user only. docs/adr/0043.
import type { ExitCode, Output } from './output.ts';

interface Alone {
  readonly services: { readonly hasFourEyes: boolean };
  readonly output: Output;
}

/** Undefined if the command may continue; else the exit code after the refusal was printed. */
export const refuseAlone = ({ services, output }: Alone): ExitCode | undefined =>
  services.hasFourEyes
    ? output.problem({
        code: 'second_person_needed',
        detail:
          'STAFF_FOUR_EYES is on: one member of staff asks for this on the pages of support or administration, and a second one approves it there. Where nobody can, run this command with STAFF_FOUR_EYES=off; it is recorded as done by "command".',
      })
    : undefined;
