// Admission control: limits new sign-ins when the server is overloaded; those in progress are finished first. Not a
// library: existing ones (overload-protection, toobusy-js) refuse any request at random, and their last releases are
// years old.

export interface Admission {
  /** Whether one more sign-in may begin. */
  takes(): boolean;
  /** Wraps `work`; until it settles it counts as a sign-in in progress. */
  during<Value>(work: Promise<Value>): Promise<Value>;
  /** Measures the event loop lag; `start` does so twenty times a second. */
  measure(): void;
  start(): void;
  close(): void;
}

interface AdmissionNeeds {
  /** Called for each refused sign-in. */
  readonly onOverload: () => void;
  /** Called when it begins to refuse, and when it accepts all again. */
  readonly onChange: (state: 'overloaded' | 'recovered') => void;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
}

/** Interval of measuring the event loop lag. */
const everyMs = 50;
/** A sign-in passes the event loop some fifteen times: at this mean lag it takes about half a second. */
const lateMs = 20;
/**
 * With few sign-ins in progress the lag has other causes, and refusing does not help: the fewer, the higher the lag has
 * to be.
 */
const fewest = 16;
/**
 * Upper bound on the total delay added to the sign-ins in flight in one pass of the event loop: 64 of them 20 ms each,
 * or 16 of them 80.
 */
const maxAddedDelayMs = 1_280;
/** Users spend about a second at Clever: a change takes effect only then, so steps are small. */
const [shrink, growth, least] = [0.95, 0.005, 0.05];

export function createAdmission({ onOverload, onChange, clock = () => performance.now() }: AdmissionNeeds): Admission {
  let timer: NodeJS.Timeout | undefined;
  let checkedAt = clock();
  let late = 0;
  let underWay = 0;
  let share = 1;
  let credit = 0;

  function measure(): void {
    const now = clock();
    late = 0.7 * late + 0.3 * Math.max(0, now - checkedAt - everyMs);
    checkedAt = now;
    const before = share;
    const isOverloaded = late > lateMs && underWay >= fewest && late * underWay > maxAddedDelayMs;
    share = isOverloaded ? Math.max(least, share * shrink) : Math.min(1, share + growth);
    if (before === 1 && share < 1) onChange('overloaded');
    if (before < 1 && share === 1) onChange('recovered');
  }

  return {
    measure,
    takes() {
      // With a share of a third, exactly every third one is accepted, not one in three at random.
      credit = Math.min(1, credit + share);
      if (credit < 1) {
        onOverload();
        return false;
      }
      credit -= 1;
      return true;
    },
    async during(work) {
      underWay += 1;
      try {
        return await work;
      } finally {
        underWay -= 1;
      }
    },
    start() {
      checkedAt = clock();
      timer = setInterval(measure, everyMs).unref();
    },
    close() {
      clearInterval(timer);
    },
  };
}
