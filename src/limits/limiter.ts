// Rate limits per minute, by rule and key, counted in this process, and shared among servers. http/kit/limits.ts and
// sign-in/limit-users.ts choose the rule of a request.

import { randomUUID } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import * as z from 'zod';
import { remember } from '../store/remember.ts';
import { sealedJson } from '../store/sealed.ts';
import { ignoreSilence, type Log, type Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

/** Maximum per minute. A portal launch is two requests, a reload one more. */
export const ruleLimits = {
  /** Requests of one browser that begin or end a sign-in: three times the promised 60 sign-ins. */
  browser: 240,
  /** The same per IP address, which a whole district may share: 600 sign-ins are promised. */
  address: 6_000,
  /** Sign-ins of one user verified by Clever. */
  person: 120,
  /** Sign-ins of one district, so that no district uses up the servers' capacity. */
  district: 60_000,
  /** Rejected credentials, per address. */
  credential_address: 60,
  /** The same per credential id, from any address: logged, not refused. */
  credential_id: 60,
  /** Recorded attempts of unknown districts, per address: any client can create them. */
  unknown_district: 60,
  /**
   * Codes that Clever rejected, per address: beyond it no code is sent to Clever, whose own limit would block all
   * users.
   */
  rejected_code: 60,
  /** Requests to the support pages, per visitor. */
  support: 300,
  /** Requests for unknown references, per visitor. */
  reference: 30,
  /** Staff sign-ins, per address. */
  staff: 120,
} as const;

export type Rule = keyof typeof ruleLimits;
export type RuleLimits = Readonly<Record<Rule, number>>;

/** Undefined if the request passes, otherwise the seconds until it would. */
export type Verdict = number | undefined;

/** `rule key` as blinded text -> count. */
export type Counts = Readonly<Record<string, number>>;

export interface Limiter {
  /** Counts one request and judges it. */
  count(rule: Rule, key: string): Promise<Verdict>;
  /** Judges without counting. */
  peek(rule: Rule, key: string): Promise<Verdict>;
  /** Counts of this server since the last call, for keys that approach a limit. */
  takeCounts(): Promise<Counts>;
  /** Adds the counts of another server. */
  mergeCounts(pending: Counts): Promise<void>;
}

interface LimiterNeeds {
  /** A keyed hash, so that stored and shared counts contain no personal data. */
  readonly blind: (rule: string, key: string) => string;
  readonly limits?: RuleLimits;
  /** Called for each request that does not pass. */
  readonly onLimited?: (rule: Rule) => void;
}

const seconds = 60;
/** Counts are shared from this fraction of the limit on: with up to 16 servers at most twice the limit passes. */
const sharedFromPart = 1 / 16;
/** Pending keys to share. More than this is a flood from many addresses, which limits by key cannot stop. */
const maxPendingCounts = 20_000;

/** The address of a school and its district come with every sign-in of a class. */
const maxRemembered = 2_000;

export function createLimiter({ blind, limits = ruleLimits, onLimited = () => undefined }: LimiterNeeds): Limiter {
  const counters = new Map(
    Object.entries(limits).map(([rule, points]) => [rule, new RateLimiterMemory({ points, duration: seconds })]),
  );
  const blinds = new Map(Object.keys(limits).map((rule) => [rule, remember(maxRemembered, (key) => blind(rule, key))]));
  const blindedOf = (rule: string, key: string): string => blinds.get(rule)?.(key) ?? blind(rule, key);
  const pending = new Map<string, number>();
  const counterOf = (rule: string): RateLimiterMemory => {
    const counter = counters.get(rule);
    if (counter === undefined) throw new TypeError('no such rule');
    return counter;
  };
  const toSeconds = ({ msBeforeNext }: RateLimiterRes) => Math.max(1, Math.ceil(msBeforeNext / 1000));

  return {
    async count(rule, key) {
      const blinded = blindedOf(rule, key);
      const name = `${rule} ${blinded}`;
      if (pending.size < maxPendingCounts || pending.has(name)) pending.set(name, (pending.get(name) ?? 0) + 1);
      try {
        await counterOf(rule).consume(blinded);
        return undefined;
      } catch (result) {
        if (!(result instanceof RateLimiterRes)) throw result;
        onLimited(rule);
        return toSeconds(result);
      }
    },
    async peek(rule, key) {
      const found = await counterOf(rule).get(blindedOf(rule, key));
      if (found === null || found.consumedPoints < limits[rule]) return undefined;
      onLimited(rule);
      return toSeconds(found);
    },
    async takeCounts() {
      const taken: Record<string, number> = {};
      for (const [name, count] of pending) {
        const [rule = '', blinded = ''] = name.split(' ');
        const found = await counterOf(rule).get(blinded);
        if (found === null) pending.delete(name);
        else if (found.consumedPoints >= counterOf(rule).points * sharedFromPart) {
          taken[name] = count;
          pending.delete(name);
        }
      }
      return taken;
    },
    async mergeCounts(counts) {
      for (const [name, count] of Object.entries(counts)) {
        const [rule = '', blinded = ''] = name.split(' ');
        // Servers of another version may have other rules.
        if (counters.has(rule) && count > 0) await counterOf(rule).penalty(blinded, count);
      }
    },
  };
}

interface CountSharing {
  /** Resolves when the log position is known or the store does not answer; counts that arrive later are merged. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const log: Log = { partition: 'limits', name: 'counts', ttlSeconds: 120 };
const sealedAt = { partition: 'limits', id: 'counts' };
const shareEveryMs = 1_000;
const pageSize = 200;

const countsShape = z.object({ by: z.string(), counts: z.record(z.string(), z.number()) });

/**
 * Servers share their counts once a second through a log in the store, so that limits hold across servers and no
 * request waits for the store. While the store does not answer, each server counts on its own.
 */
export function createCountSharing(store: Store, vault: Vault, limiter: Limiter): CountSharing {
  const by = randomUUID();
  const sealedCounts = sealedJson(vault, countsShape);
  let hasPosition = false;
  let cursor: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  async function publish(): Promise<void> {
    const counts = await limiter.takeCounts();
    if (Object.keys(counts).length === 0) return;
    await store.commit([], [{ kind: 'append', log, value: sealedCounts.seal(sealedAt, { by, counts }) }]);
  }

  /** Skips older entries: their minute ends soon. */
  async function findPosition(): Promise<void> {
    if (hasPosition) return;
    const [newest] = await store.page(log, { before: undefined }, 1);
    cursor = newest?.cursor;
    hasPosition = true;
  }

  async function mergeOthers(): Promise<void> {
    const entries = await store.page(log, { after: cursor }, pageSize);
    for (const entry of entries) {
      cursor = entry.cursor;
      const shared = sealedCounts.tryOpen(sealedAt, entry.value);
      if (shared !== undefined && shared.by !== by) await limiter.mergeCounts(shared.counts);
    }
  }

  // Reads before it writes, so that its own entries come after the cursor.
  const share = () => findPosition().then(mergeOthers).then(publish).catch(ignoreSilence);

  return {
    start() {
      running = findPosition().catch(ignoreSilence);
      timer ??= setInterval(() => {
        running = running.then(share);
      }, shareEveryMs).unref();
      return running;
    },
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
