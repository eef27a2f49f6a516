// Ended sessions and accounts, kept in memory by polling the bridge every few seconds. Every request has a timeout, and
// the list is reread every hour, so that it never holds more than the bridge keeps: one token lifetime.

export interface FollowOptions {
  /** The bridge's `/session/revocations`; that of the issuer by default. */
  readonly url?: string;
  /** A credential of scope product. */
  readonly id: string;
  readonly secret: string;
  /** 5 by default. */
  readonly intervalSeconds?: number;
  /** Age at which the list is stale; 60 by default. */
  readonly staleSeconds?: number;
  /**
   * `refuse`, the default: with a stale list no session is accepted. `accept`: then only signature and expiry are
   * checked.
   */
  readonly whenStale?: 'refuse' | 'accept';
}

/** The claims of one token that are checked against the list. */
export interface Subject {
  readonly sid: string;
  readonly sub: string;
  readonly district: string;
  readonly iat: number;
}

export interface RevocationList {
  /**
   * `stale` if the list is too old and `whenStale` is `refuse`. Waits up to five seconds for a fresh list; with
   * `accept`, only until a read fails.
   */
  judge(subject: Subject): Promise<'live' | 'ended' | 'stale'>;
  /** Reads new entries now, instead of at the next poll. @throws Error when the bridge's response is unusable */
  refresh(): Promise<void>;
  close(): void;
}

export interface FollowNeeds extends FollowOptions {
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly fetch: typeof fetch;
  /** Called when a whole district was ended since the first read: keys may have been replaced. */
  readonly onDistrictEnded: () => void;
}

interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly before: number;
}

const askTimeoutMs = 5_000;
const maxWaitMs = 5_000;
/** Pause after a failed read before a token triggers another: visitors must not flood a bridge in trouble. */
const askAgainMs = 1_000;
const anewEveryMs = 3_600_000;
/** Protects against a bridge that returns cursors endlessly. */
const maxPages = 10_000;

/** The known ended sessions and accounts, read page by page from the end of the last read. */
function createKnownEndings(needs: FollowNeeds, stop: AbortSignal) {
  const authorization = `Basic ${btoa(`${needs.id}:${needs.secret}`)}`;
  let ended = new Map<string, number>();
  let cursor: string | undefined;
  /** When the last complete read began. */
  let readAt: number | undefined;
  let anewAt = 0;

  async function ask(after: string | undefined): Promise<{ cursor: string | undefined; entries: readonly Entry[] }> {
    const address = new URL(needs.url);
    if (after !== undefined) address.searchParams.set('after', after);
    const answer = await needs.fetch(address, {
      headers: { authorization, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([stop, AbortSignal.timeout(askTimeoutMs)]),
    });
    if (answer.status === 400) anewAt = 0;
    if (answer.status !== 200) throw new Error(`the list of ended sessions is answered with ${answer.status}`);
    return readPage(await answer.json());
  }

  async function read(): Promise<void> {
    const beganAt = needs.clock();
    const isAnew = readAt === undefined || beganAt - anewAt > anewEveryMs;
    const into = isAnew ? new Map<string, number>() : ended;
    let at = isAnew ? undefined : cursor;
    let isDistrictEnded = false;
    for (let page = 0; page < maxPages; page += 1) {
      const { cursor: next, entries } = await ask(at);
      for (const { kind, id, before } of entries) {
        const key = `${kind} ${id}`;
        isDistrictEnded ||= kind === 'district' && readAt !== undefined && before > (ended.get(key) ?? 0);
        into.set(key, Math.max(before, into.get(key) ?? 0));
      }
      if (entries.length === 0 || next === undefined || next === at) break;
      at = next;
    }
    [ended, cursor, readAt] = [into, at, beganAt];
    if (isAnew) anewAt = beganAt;
    if (isDistrictEnded) needs.onDistrictEnded();
  }

  return {
    read,
    isYoungerThan: (milliseconds: number) => readAt !== undefined && needs.clock() - readAt <= milliseconds,
    isEnded({ sid, sub, district, iat }: Subject): boolean {
      // A session id is unique: it ended, whatever the clocks.
      if (ended.has(`session ${sid}`)) return true;
      const identities = [ended.get(`account ${sub}`), ended.get(`district ${district}`)];
      return identities.some((before) => before !== undefined && iat < before);
    },
  };
}

export function followRevocations(needs: FollowNeeds): RevocationList {
  const { intervalSeconds = 5, staleSeconds = 60, whenStale = 'refuse' } = needs;
  const stop = new AbortController();
  const endings = createKnownEndings(needs, stop.signal);
  const reads = createSharedRead(endings.read);
  let catchingUp: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isFresh = () => endings.isYoungerThan(staleSeconds * 1000);

  /** After the process was suspended, the list is old although the bridge may answer: no timer has run since. */
  function catchUp(): Promise<void> {
    catchingUp ??= readUntilFresh().finally(() => {
      catchingUp = undefined;
    });
    return catchingUp;
  }

  async function readUntilFresh(): Promise<void> {
    // A read that began before the suspension gives an equally old list, or fails with its connection.
    await reads.underWay()?.catch(() => undefined);
    if (isFresh()) return;
    if (reads.hasFailed()) await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    await reads.refresh().catch(() => undefined);
  }

  function turn(): void {
    // A failure is visible in the list's age.
    void reads
      .refresh()
      .catch(() => undefined)
      .then(() => {
        if (stop.signal.aborted) return;
        timer = setTimeout(turn, intervalSeconds * 1000);
        if (typeof timer === 'object' && 'unref' in timer) timer.unref();
      });
  }

  turn();
  return {
    async judge(subject) {
      if (endings.isEnded(subject)) return 'ended';
      const isKnownToBeDown = reads.hasFailed() && whenStale === 'accept';
      if (!isFresh() && !isKnownToBeDown) await atMost(maxWaitMs, catchUp());
      if (endings.isEnded(subject)) return 'ended';
      return isFresh() || whenStale === 'accept' ? 'live' : 'stale';
    },
    refresh: reads.refresh,
    close() {
      stop.abort();
      clearTimeout(timer);
    },
  };
}

/** One read at a time: the timer, a caller of `refresh` and a check that finds the list too old share it. */
function createSharedRead(read: () => Promise<void>) {
  let reading: Promise<void> | undefined;
  let hasFailed = false;
  return {
    underWay: () => reading,
    /** Whether the last read failed. */
    hasFailed: () => hasFailed,
    refresh(): Promise<void> {
      reading ??= read().then(
        () => {
          [reading, hasFailed] = [undefined, false];
        },
        (failure: unknown) => {
          [reading, hasFailed] = [undefined, true];
          throw failure;
        },
      );
      return reading;
    },
  };
}

/** Ends with the work, or after the given time. */
function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @throws Error for what is not a page of the list */
function readPage(body: unknown): { cursor: string | undefined; entries: readonly Entry[] } {
  const { cursor, revocations } = Object(body);
  if (!Array.isArray(revocations)) throw new Error('the list of ended sessions is not a list');
  const entries = revocations.map((each: unknown): Entry => {
    const { kind, id, before } = Object(each);
    if (typeof kind !== 'string' || typeof id !== 'string' || typeof before !== 'number')
      throw new Error('an entry of the list of ended sessions is not one');
    return { kind, id, before };
  });
  return { cursor: typeof cursor === 'string' ? cursor : undefined, entries };
}
