// The log lines of a flood of unauthenticated callbacks.
import { reportSignIns } from '../../src/compose/sign-in.ts';
import type { SignInEvent } from '../../src/sign-in/sign-in-event.ts';

function createTold() {
  const lines: unknown[] = [];
  let counted = 0;
  const report = reportSignIns(
    { signIn: (event, count) => void lines.push(count === undefined ? event : { ...event, count }) },
    {
      signIn: () => {
        counted += 1;
      },
    },
  );
  return { lines, report, counted: () => counted };
}

const made: SignInEvent = { outcome: 'sign_in_expired', app: 'summit-k12', isUnproven: true };

it('is one line with a count, and each of it is in the metrics', () => {
  const { lines, report, counted } = createTold();
  for (let count = 0; count < 1_000; count += 1) report(made);
  expect(lines).toEqual([{ outcome: 'sign_in_expired', app: 'summit-k12', count: 1 }]);
  expect(counted()).toBe(1_000);
});

it('hides no line of others', () => {
  const { lines, report } = createTold();
  report(made);
  const known: SignInEvent = { outcome: 'sign_in_expired', app: 'summit-k12' };
  for (let count = 0; count < 3; count += 1) report(known);
  expect(lines.slice(1)).toEqual([known, known, known]);
});
