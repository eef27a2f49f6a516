// Notifies clients of ended sessions: OpenID Connect Back-Channel Logout 1.0. Follows the list of revocations; stores
// only which clients to notify and which were not reached yet. One partition for all districts: a revocation names a
// session or an account but no district, and clients are notified even of the sessions of a removed district.
import * as z from 'zod';
import { createLoop, type Loop } from '../schedule/loop.ts';
import type { Clients } from '../session/clients.ts';
import type { Revocation, Revocations } from '../session/revocations.ts';
import type { SessionRecord } from '../session/session-record.ts';
import { type Lease, takeLease } from '../store/lease.ts';
import { sealedJson } from '../store/sealed.ts';
import type { Address, Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface LogoutNotice {
  readonly clientId: string;
  readonly accountId: string;
  readonly sid: string;
}

interface LogoutNotices {
  /**
   * A client got a code for the session: it is notified when the session ends. Resolves when the registration is
   * stored.
   */
  register(clientId: string, session: SessionRecord): Promise<void>;
  /** Finds ended sessions and notifies their clients; one server at a time does it. */
  readonly loop: Loop;
}

export type NoticeResult = 'delivered' | 'failed' | 'given_up';

interface LogoutNoticesNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly revocations: Pick<Revocations, 'read'>;
  readonly clients: Pick<Clients, 'list'>;
  /** Signs and posts one logout token; rejects if the client did not accept it. */
  readonly deliver: (notice: LogoutNotice) => Promise<void>;
  readonly report: (notice: LogoutNotice, result: NoticeResult, tries: number) => void;
  readonly onFailure: (failure: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface KeptNotice extends LogoutNotice {
  readonly districtId: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Of a pending notice: the number of failures, and the time of the next try in milliseconds since the epoch. */
  readonly tries: number;
  readonly dueAt: number;
}

const keptShape: z.ZodType<KeptNotice> = z.object({
  clientId: z.string(),
  accountId: z.string(),
  sid: z.string(),
  districtId: z.string(),
  issuedAt: z.number(),
  expiresAt: z.number(),
  tries: z.number(),
  dueAt: z.number(),
});

const partition = 'oidc-logout';
const cursorAt: Address = { partition, id: 'cursor' };
const leaseAt: Address = { partition, id: 'lease' };
const everyMs = 2_000;
/** Revocations per read of the list. */
const pageSize = 500;
/** Notices sent at the same time. */
const concurrency = 8;
/** Retried after 5 s, 10 s, 20 s …, at most every 10 minutes; given up after about two hours. */
const [firstWaitMs, maxWaitMs, maxTries] = [5_000, 600_000, 18];

export function createLogoutNotices(needs: LogoutNoticesNeeds): LogoutNotices {
  const { store, revocations, clients, onFailure, clock } = needs;
  const notices = createNoticeTables(needs);
  const notifyDue = createNotifyDue(needs, notices);

  /**
   * Moved, not flagged: pending notices are found without reading the others. A crash in between notifies twice, which
   * is harmless.
   */
  async function findEnded(): Promise<boolean> {
    const [known] = await store.get([cursorAt]);
    const page = await revocations.read(known?.toString(), pageSize);
    const before = new Map(page.revocations.map(({ kind, id, before: second }) => [notices.keyOf(kind, id), second]));
    for (const { id, notice } of await notices.findWaiting([...before.keys()])) {
      if (!notices.keysOf(notice).some((key) => notice.issuedAt < (before.get(key) ?? 0))) continue;
      await notices.put('due', id, { ...notice, dueAt: clock() });
      await notices.remove('waiting', id);
    }
    if (page.cursor !== known?.toString()) await store.put(cursorAt, Buffer.from(page.cursor));
    return page.revocations.length === pageSize;
  }

  /** An expired session was not ended: its client sees the expiry itself. */
  async function forgetExpired(): Promise<void> {
    for await (const some of notices.scan('waiting'))
      for (const { id, notice } of some) if (notice.expiresAt * 1000 < clock()) await notices.remove('waiting', id);
  }

  let forgottenAt = clock();

  async function task(signal: AbortSignal): Promise<void> {
    const hasNotifiedClients = (await clients.list()).some(
      ({ backchannelLogoutUri }) => backchannelLogoutUri !== undefined,
    );
    const lease: Lease | undefined = hasNotifiedClients
      ? await takeLease(store, leaseAt, { ttlSeconds: 60, renewEverySeconds: 15 })
      : undefined;
    if (lease === undefined) return;
    try {
      while (await findEnded()) if (signal.aborted) return;
      await notifyDue(AbortSignal.any([signal, lease.signal]));
      if (clock() - forgottenAt < 3_600_000) return;
      forgottenAt = clock();
      await forgetExpired();
    } finally {
      await lease.release();
    }
  }

  return { loop: createLoop({ everyMs, task, onFailure }), register: notices.register };
}

type NoticeTable = 'waiting' | 'due';

/** The stored notices: of live sessions (`waiting`), and those to send (`due`). */
function createNoticeTables({ store, vault }: Pick<LogoutNoticesNeeds, 'store' | 'vault'>) {
  const sealed = sealedJson(vault, keptShape);
  const inTable = (table: NoticeTable, id: string): Address => ({ partition, table, id });
  const keyOf = (kind: Revocation['kind'], id: string) => vault.blind('oidc-notice', kind, id);
  const keysOf = ({ sid, accountId, districtId }: KeptNotice) => [
    keyOf('session', sid),
    keyOf('account', accountId),
    keyOf('district', districtId),
  ];
  const open = (table: NoticeTable, rows: readonly Row[]) =>
    rows.map(({ id, value }) => ({ id, notice: sealed.open(inTable(table, id), value) }));

  async function put(table: NoticeTable, id: string, notice: KeptNotice): Promise<void> {
    const row = { id, value: sealed.seal(inTable(table, id), notice) };
    await store.load(partition, table, [table === 'waiting' ? { ...row, index: keysOf(notice) } : row]);
  }

  return {
    keyOf,
    keysOf,
    put,
    remove: (table: NoticeTable, id: string) => store.remove(inTable(table, id)),
    findWaiting: async (keys: readonly string[]) =>
      keys.length === 0 ? [] : open('waiting', await store.find(partition, ['waiting'], keys)),
    async *scan(table: NoticeTable, batch?: number) {
      for await (const rows of store.scan(partition, table, batch)) yield open(table, rows);
    },
    async register(clientId: string, session: SessionRecord): Promise<void> {
      const { sid, accountId, districtId, issuedAt, expiresAt } = session;
      const notice = { clientId, sid, accountId, districtId, issuedAt, expiresAt, tries: 0, dueAt: 0 };
      await put('waiting', vault.blind('oidc-notice', 'row', sid, clientId), notice);
    },
  };
}

/** Sends the notices that are due; a failed one is due again later. */
function createNotifyDue(
  { deliver, report, clock }: LogoutNoticesNeeds,
  notices: ReturnType<typeof createNoticeTables>,
): (signal: AbortSignal) => Promise<void> {
  async function notifyClient(id: string, notice: KeptNotice): Promise<void> {
    const tries = notice.tries + 1;
    const result = await deliver(notice).then(
      () => 'delivered' as const,
      () => (tries >= maxTries ? ('given_up' as const) : ('failed' as const)),
    );
    report(notice, result, tries);
    if (result !== 'failed') return notices.remove('due', id);
    const dueAt = clock() + Math.min(maxWaitMs, firstWaitMs * 2 ** (tries - 1));
    await notices.put('due', id, { ...notice, tries, dueAt });
  }

  return async (signal) => {
    for await (const some of notices.scan('due', 200)) {
      const due = some.filter(({ notice }) => notice.dueAt <= clock());
      for (let next = 0; next < due.length && !signal.aborted; next += concurrency)
        await Promise.all(due.slice(next, next + concurrency).map(({ id, notice }) => notifyClient(id, notice)));
    }
  };
}
