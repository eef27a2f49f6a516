// What ended, kept in memory by asking the bridge every few seconds. Every question is bounded in time, and the list is
// read anew every hour, so that it never holds more than the bridge keeps: what a token can live.

export interface FollowOptions {
  /** The bridge's `/session/revocations`; that of the issuer by default. */
  readonly url?: string;
  /** A credential of scope product. */
  readonly id: string;
  readonly secret: string;
  /** 5 by default. */
  readonly intervalSeconds?: number;
  /** How old the list may be before it is stale; 60 by default. */
  readonly staleSeconds?: number;
  /** `refuse`, the default: with a stale list no session is accepted. `accept`: then only signature and life are checked. */
  readonly whenStale?: 'refuse' | 'accept';
}

/** What is asked of the list about one token. */
export interface Subject {
  readonly sid: string;
  readonly sub: string;
  readonly district: string;
  readonly iat: number;
}

export interface RevocationList {
  /**
   * `stale` where the list cannot be relied on and the setting says refuse. Waits up to five seconds for a list that is
   * fresh; with the setting accept only until a reading fails.
   */
  judge(subject: Subject): Promise<'live' | 'ended' | 'stale'>;
  /** Reads what is new now, instead of at the next turn. @throws Error when the bridge does not answer as it should */
  refresh(): Promise<void>;
  close(): void;
}

export interface FollowNeeds extends FollowOptions {
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly fetch: typeof fetch;
  /** Told when a whole district was ended since the first reading: keys may have been replaced. */
  readonly onDistrictEnded: () => void;
}

interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly before: number;
}

const askTimeoutMs = 5_000;
const longestWaitMs = 5_000;
/** Between a reading that failed and one that a token asks for: a product's visitors must not flood a bridge in trouble. */
const askAgainMs = 1_000;
const anewEveryMs = 3_600_000;
/** Of a bridge that gives out cursors without end. */
const mostPages = 10_000;

/** What is known to have ended, read page by page from where the last reading came to its end. */
function createKnownEndings(needs: FollowNeeds, stop: AbortSignal) {
  const authorization = `Basic ${btoa(`${needs.id}:${needs.secret}`)}`;
  let ended = new Map<string, number>();
  let cursor: string | undefined;
  /** When the last reading that came to its end began. */
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
    if (answer.status !== 200) throw new Error(`the list of what ended is answered with ${answer.status}`);
    return readPage(await answer.json());
  }

  async function read(): Promise<void> {
    const beganAt = needs.clock();
    const isAnew = readAt === undefined || beganAt - anewAt > anewEveryMs;
    const into = isAnew ? new Map<string, number>() : ended;
    let at = isAnew ? undefined : cursor;
    let isDistrictEnded = false;
    for (let page = 0; page < mostPages; page += 1) {
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
      // A session's id is its own: whatever its clocks said, it ended.
      if (ended.has(`session ${sid}`)) return true;
      const identities = [ended.get(`account ${sub}`), ended.get(`district ${district}`)];
      return identities.some((before) => before !== undefined && iat < before);
    },
  };
}

export function followRevocations(needs: FollowNeeds): RevocationList {
  // Long by who waits for which reading: the timer, a caller, and a check that finds the list too old.
  const { intervalSeconds = 5, staleSeconds = 60, whenStale = 'refuse' } = needs;
  const stop = new AbortController();
  const endings = createKnownEndings(needs, stop.signal);
  let reading: Promise<void> | undefined;
  let catchingUp: Promise<void> | undefined;
  let hasFailed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function refresh(): Promise<void> {
    reading ??= endings.read().then(
      () => {
        [reading, hasFailed] = [undefined, false];
      },
      (failure: unknown) => {
        [reading, hasFailed] = [undefined, true];
        throw failure;
      },
    );
    return reading;
  }

  const isFresh = () => endings.isYoungerThan(staleSeconds * 1000);

  /** A process that was suspended has an old list, and no timer of it has run since: the bridge may well answer. */
  function catchUp(): Promise<void> {
    catchingUp ??= readUntilFresh().finally(() => {
      catchingUp = undefined;
    });
    return catchingUp;
  }

  async function readUntilFresh(): Promise<void> {
    // One that began before the process was suspended leaves a list that is as old, or ends with its connection.
    await reading?.catch(() => undefined);
    if (isFresh()) return;
    if (hasFailed) await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    await refresh().catch(() => undefined);
  }

  function turn(): void {
    // A failure shows in the list's age.
    void refresh()
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
      const isKnownToBeDown = hasFailed && whenStale === 'accept';
      if (!isFresh() && !isKnownToBeDown) await atMost(longestWaitMs, catchUp());
      if (endings.isEnded(subject)) return 'ended';
      return isFresh() || whenStale === 'accept' ? 'live' : 'stale';
    },
    refresh,
    close() {
      stop.abort();
      clearTimeout(timer);
    },
  };
}

/** Ends when the work has, or before. */
function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @throws Error for what is not a page of the list */
function readPage(body: unknown): { cursor: string | undefined; entries: readonly Entry[] } {
  const { cursor, revocations } = Object(body);
  if (!Array.isArray(revocations)) throw new Error('the list of what ended is not a list');
  const entries = revocations.map((each: unknown): Entry => {
    const { kind, id, before } = Object(each);
    if (typeof kind !== 'string' || typeof id !== 'string' || typeof before !== 'number')
      throw new Error('an entry of the list of what ended is not one');
    return { kind, id, before };
  });
  return { cursor: typeof cursor === 'string' ? cursor : undefined, entries };
}
