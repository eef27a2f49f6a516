// Rate limits per minute, by rule and key, counted in this process; share-counts.ts adds the counts of other servers.
// Which request counts under which rule: http/kit/limits.ts and sign-in/limit-users.ts.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Most in a minute. A portal launch is two requests, a reload one more. */
export const ruleLimits = {
  /** Requests of one browser that begin or end a sign-in: the promised 60 sign-ins and twice as many again. */
  browser: 240,
  /** The same of one IP address, which a whole district may share: 600 sign-ins are promised. */
  address: 6_000,
  /** Sign-ins of one user that Clever verified. */
  person: 120,
  /** Sign-ins of one district, so that no district uses up the servers' capacity. */
  district: 60_000,
  /** Credentials that were refused, from one address. */
  credential_address: 60,
  /** The same for one credential id, from any address: logged, not refused. */
  credential_id: 60,
  /** Attempts of no known district that are recorded, of one address: any client can make them. */
  unknown_district: 60,
  /** Codes that Clever rejected, of one address: beyond it none is sent to Clever, whose own limit would stop all users. */
  rejected_code: 60,
  /** Requests of one visitor to the support pages. */
  support: 300,
  /** Unknown references asked for by one visitor. */
  reference: 30,
  /** Staff sign-ins from one address: the services. */
  staff: 120,
} as const;

export type Rule = keyof typeof ruleLimits;
export type RuleLimits = Readonly<Record<Rule, number>>;

/** Undefined: it passes. Otherwise the seconds until it would. */
export type Verdict = number | undefined;

/** `rule key` as blinded text -> how often. */
export type Counts = Readonly<Record<string, number>>;

export interface Limiter {
  /** Counts one and judges. */
  count(rule: Rule, key: string): Promise<Verdict>;
  /** Judges what was counted, and counts nothing. */
  peek(rule: Rule, key: string): Promise<Verdict>;
  /** What was counted here since the last call, of keys that are on their way to a limit. */
  takeCounts(): Promise<Counts>;
  /** Adds what another server counted. */
  mergeCounts(pending: Counts): Promise<void>;
}

export interface LimiterNeeds {
  /** A keyed hash: counts that are kept and shared contain no personal data. */
  readonly blind: (rule: string, key: string) => string;
  readonly limits?: RuleLimits;
  /** Called for each request that does not pass. */
  readonly onLimited?: (rule: Rule) => void;
}

const seconds = 60;
/** Counts are shared from this fraction of the limit on: up to its inverse in servers let at most twice the limit pass. */
const sharedFromPart = 1 / 16;
/** Keys that wait to be shared. More than this is a flood from many addresses, which limits by key cannot stop. */
const mostPendingCounts = 20_000;

export function createLimiter({ blind, limits = ruleLimits, onLimited = () => undefined }: LimiterNeeds): Limiter {
  const counters = new Map(
    Object.entries(limits).map(([rule, points]) => [rule, new RateLimiterMemory({ points, duration: seconds })]),
  );
  const pending = new Map<string, number>();
  const counterOf = (rule: string): RateLimiterMemory => {
    const counter = counters.get(rule);
    if (counter === undefined) throw new TypeError('no such rule');
    return counter;
  };
  const toSeconds = ({ msBeforeNext }: RateLimiterRes) => Math.max(1, Math.ceil(msBeforeNext / 1000));

  return {
    async count(rule, key) {
      const blinded = blind(rule, key);
      const name = `${rule} ${blinded}`;
      if (pending.size < mostPendingCounts || pending.has(name)) pending.set(name, (pending.get(name) ?? 0) + 1);
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
      const found = await counterOf(rule).get(blind(rule, key));
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
        // Another version may have other rules.
        if (counters.has(rule) && count > 0) await counterOf(rule).penalty(blinded, count);
      }
    },
  };
}
