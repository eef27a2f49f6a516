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
  /** `stale` where the list cannot be relied on and the setting says refuse. Waits for the first reading. */
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
const anewEveryMs = 3_600_000;
/** Of a bridge that gives out cursors without end. */
const mostPages = 10_000;

export function followRevocations(needs: FollowNeeds): RevocationList {
  const { intervalSeconds = 5, staleSeconds = 60, whenStale = 'refuse', clock } = needs;
  const authorization = `Basic ${btoa(`${needs.id}:${needs.secret}`)}`;
  const stop = new AbortController();
  let ended = new Map<string, number>();
  let cursor: string | undefined;
  /** When the last reading that came to its end began. */
  let readAt: number | undefined;
  let anewAt = 0;
  let reading: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(after: string | undefined): Promise<{ cursor: string | undefined; entries: readonly Entry[] }> {
    const address = new URL(needs.url);
    if (after !== undefined) address.searchParams.set('after', after);
    const answer = await needs.fetch(address, {
      headers: { authorization, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(askTimeoutMs)]),
    });
    if (answer.status === 400) anewAt = 0;
    if (answer.status !== 200) throw new Error(`the list of what ended is answered with ${answer.status}`);
    return readPage(await answer.json());
  }

  async function read(): Promise<void> {
    const beganAt = clock();
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

  function refresh(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  function turn(): void {
    // A failure is told by the list's age.
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
    async judge({ sid, sub, district, iat }) {
      if (readAt === undefined) await refresh().catch(() => undefined);
      const isFresh = readAt !== undefined && clock() - readAt <= staleSeconds * 1000;
      // A session's id is its own: whatever its clocks said, it ended.
      if (ended.has(`session ${sid}`)) return 'ended';
      const marks = [ended.get(`account ${sub}`), ended.get(`district ${district}`)];
      if (marks.some((before) => before !== undefined && iat < before)) return 'ended';
      return isFresh || whenStale === 'accept' ? 'live' : 'stale';
    },
    refresh,
    close() {
      stop.abort();
      clearTimeout(timer);
    },
  };
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
