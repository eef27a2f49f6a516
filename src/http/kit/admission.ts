// Who is taken when more come than this server can do. Decides only about new sign-ins: what was begun is finished first.
// Own lines and not a library: those (overload-protection, toobusy-js) refuse any request at random, and their last
// releases are years old.

export interface Admission {
  /** Whether one more sign-in may begin. */
  takes(): boolean;
  /** Resolves as `work` does; until then it counts as a sign-in that is being finished. */
  during<Value>(work: Promise<Value>): Promise<Value>;
  /** Looks how late this process is; `start` has it do so twenty times a second. */
  measure(): void;
  start(): void;
  close(): void;
}

export interface AdmissionNeeds {
  /** Called for each that is turned away. */
  readonly onTurnedAway: () => void;
  /** Called when it begins to turn requests away, and when it takes all again. */
  readonly onChange: (state: 'overloaded' | 'recovered') => void;
  /** Milliseconds that only go forward. */
  readonly clock?: () => number;
}

/** How often it looks how late this process is. */
const everyMs = 50;
/** A sign-in comes by the event loop some fifteen times: at this mean lateness it takes about half a second. */
const lateMs = 20;
/** With few being finished at once lateness comes from elsewhere, and refusing does not help: the fewer, the higher the lateness has to be. */
const fewest = 16;
/** Upper bound on the total delay added to the sign-ins in flight in one pass of the event loop: 64 of them 20 ms each, or 16 of them 80. */
const mostAddedDelayMs = 1_280;
/** People are at Clever for a second or so: what is changed now is felt then, and steps are as small as that needs. */
const [shrink, growth, least] = [0.95, 0.005, 0.05];

export function createAdmission({
  onTurnedAway,
  onChange,
  clock = () => performance.now(),
}: AdmissionNeeds): Admission {
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
    const isOverloaded = late > lateMs && underWay >= fewest && late * underWay > mostAddedDelayMs;
    share = isOverloaded ? Math.max(least, share * shrink) : Math.min(1, share + growth);
    if (before === 1 && share < 1) onChange('overloaded');
    if (before < 1 && share === 1) onChange('recovered');
  }

  return {
    measure,
    takes() {
      // Of a share of a third every third is taken, not one in three by chance.
      credit = Math.min(1, credit + share);
      if (credit < 1) {
        onTurnedAway();
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
