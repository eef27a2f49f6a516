// Which starts are accepted above the capacity of a server, with a clock in place of a late event loop.
import { createAdmission } from '../../../src/http/kit/admission.ts';

interface Reported {
  turnedAway: number;
  readonly changes: string[];
}

/** Looks as the timer would, each time `lateMs` too late. */
function createLate() {
  const reported: Reported = { turnedAway: 0, changes: [] };
  let now = 0;
  const admission = createAdmission({
    onOverload: () => {
      reported.turnedAway += 1;
    },
    onChange: (state) => reported.changes.push(state),
    clock: () => now,
  });
  const pass = (looks: number, lateMs: number) => {
    for (let measure = 0; measure < looks; measure += 1) {
      now += 50 + lateMs;
      admission.measure();
    }
  };
  return { admission, reported, pass };
}

function begin(admission: ReturnType<typeof createAdmission>, count: number): () => void {
  let end = () => {};
  const work = new Promise<void>((resolve) => {
    end = resolve;
  });
  for (let one = 0; one < count; one += 1) void admission.during(work);
  return end;
}

const takenOf = (admission: ReturnType<typeof createAdmission>, count: number) =>
  Array.from({ length: count }, () => admission.takes()).filter(Boolean).length;

it('every start is accepted while the event loop is on time, however many are in progress', () => {
  const { admission, reported, pass } = createLate();
  begin(admission, 5_000);
  pass(200, 5);
  expect(takenOf(admission, 1_000)).toBe(1_000);
  expect(reported).toEqual({ turnedAway: 0, changes: [] });
});

it.each([
  [15, 500, true],
  [17, 100, false],
  [17, 70, true],
  [63, 20, true],
  [65, 21, false],
])('with %i in progress and %i ms late every start is accepted: %s', (underWay, lateMs, isEverybody) => {
  const { admission, pass } = createLate();
  begin(admission, underWay);
  pass(200, lateMs);
  expect(takenOf(admission, 1_000) === 1_000).toBe(isEverybody);
});

it('one pause turns no start away', () => {
  const { admission, pass } = createLate();
  begin(admission, 1_000);
  pass(1, 60);
  expect(takenOf(admission, 1_000)).toBe(1_000);
});

it('while it is late and many are in progress, fewer and fewer are accepted, and never none', () => {
  const { admission, reported, pass } = createLate();
  begin(admission, 64);
  pass(20, 100);
  const first = takenOf(admission, 1_000);
  pass(200, 100);
  const later = takenOf(admission, 1_000);
  expect(first).toBeGreaterThan(300);
  expect(first).toBeLessThan(500);
  expect(later).toBe(50);
  expect(reported).toEqual({ turnedAway: 2_000 - first - later, changes: ['overloaded'] });
});

it('those who are taken come evenly: of a twentieth, every twentieth', () => {
  const { admission, pass } = createLate();
  begin(admission, 64);
  pass(300, 100);
  for (let twenty = 0; twenty < 10; twenty += 1) expect(takenOf(admission, 20)).toBe(1);
});

it('when it is on time again every start is accepted within ten seconds, and that is logged', async () => {
  const { admission, reported, pass } = createLate();
  const end = begin(admission, 64);
  pass(300, 100);
  end();
  await new Promise(setImmediate);
  pass(210, 0);
  expect(takenOf(admission, 100)).toBe(100);
  expect(reported.changes).toEqual(['overloaded', 'recovered']);
});

it('what is being finished counts until it ends, also when it fails', async () => {
  const { admission, pass } = createLate();
  await Promise.all(
    Array.from({ length: 100 }, () => admission.during(Promise.reject(new Error('silent'))).catch(() => undefined)),
  );
  pass(200, 100);
  expect(takenOf(admission, 100)).toBe(100);
});
