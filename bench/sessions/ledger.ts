// The answers in a fault run: which sessions were opened, which endings were acknowledged, and which of both are
// undecided. Times are of this process, in milliseconds since the epoch.

/** `ending`: it was asked for and not acknowledged, so the session may live or not. */
export type Fate = 'live' | 'ending' | 'ended';
export type EndedBy = 'revoke' | 'logout' | 'replaced' | 'account';

export interface Opened {
  readonly sid: string;
  readonly token: string;
  readonly accountId: string;
  readonly district: string;
  readonly number: number;
  readonly openedAt: number;
  fate: Fate;
  endedBy?: EndedBy;
  endedAt?: number;
}

export interface Ledger {
  readonly opened: readonly Opened[];
  /** Sign-ins by outcome. */
  readonly outcomes: ReadonlyMap<string, number>;
  count(outcome: string): void;
  /** A sign-in begins: what is answered to be handed to `add`. */
  begin(district: string, number: number): Begun;
  /** An acknowledged sign-in. If its account was being ended meanwhile, the order is unknown. */
  add(begun: Begun, opened: Pick<Opened, 'sid' | 'token' | 'accountId'>): Opened;
  /** Asks for an ending and keeps what is known afterwards. @param ask true when it was acknowledged */
  end(session: Opened, by: EndedBy, ask: () => Promise<boolean>): Promise<void>;
  /** The same for every session of the account. */
  endAccount(session: Opened, ask: () => Promise<boolean>): Promise<void>;
  of(fate: Fate): Opened[];
}

export interface Begun {
  readonly district: string;
  readonly number: number;
  readonly endingsBefore: number;
}

interface Account {
  readonly sessions: Opened[];
  /** Endings of the whole account, counted when asked for and again when answered. */
  endings: number;
}

export function createLedger(): Ledger {
  const opened: Opened[] = [];
  const outcomes = new Map<string, number>();
  const accounts = new Map<string, Account>();

  function accountOf({ district, number }: Pick<Opened, 'district' | 'number'>): Account {
    const key = `${district}.${number}`;
    const account = accounts.get(key) ?? { sessions: [], endings: 0 };
    accounts.set(key, account);
    return account;
  }

  async function end(sessions: readonly Opened[], by: EndedBy, ask: () => Promise<boolean>): Promise<void> {
    const due = sessions.filter(({ fate }) => fate === 'live');
    for (const session of due) session.fate = 'ending';
    if (!(await ask())) return;
    const endedAt = Date.now();
    for (const session of due) Object.assign(session, { fate: 'ended', endedBy: by, endedAt });
  }

  return {
    opened,
    outcomes,
    count: (outcome) => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
    begin: (district, number) => ({ district, number, endingsBefore: accountOf({ district, number }).endings }),
    add({ district, number, endingsBefore }, session) {
      const { sessions, endings } = accountOf({ district, number });
      const isSure = endings === endingsBefore && endings % 2 === 0;
      const kept: Opened = { ...session, district, number, openedAt: Date.now(), fate: isSure ? 'live' : 'ending' };
      opened.push(kept);
      sessions.push(kept);
      return kept;
    },
    end: (session, by, ask) => end([session], by, ask),
    async endAccount(session, ask) {
      const account = accountOf(session);
      // One at a time, so that an odd count says that one is under way.
      if (account.endings % 2 === 1) return;
      account.endings += 1;
      await end(account.sessions, 'account', ask);
      account.endings += 1;
    },
    of: (fate) => opened.filter((session) => session.fate === fate),
  };
}
