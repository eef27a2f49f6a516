// How much is let through in a minute, by rule and key, counted in this process; what other servers counted is added by
// share-counts.ts. Which request counts under which rule is http/limits.ts and sign-in/limit-people.ts.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Most in a minute. A portal launch is two requests, a reload one more. */
export const ruleLimits = {
  /** Requests of one browser that begin or end a sign-in: the promised 60 sign-ins and twice as many again. */
  browser: 240,
  /** The same of one address, behind which a whole district may be: 600 sign-ins are promised. */
  address: 6_000,
  /** Sign-ins of one person that Clever vouched for. */
  person: 120,
  /** Sign-ins of one district, so that none takes the servers from all others. */
  district: 60_000,
  /** Credentials that were refused, from one address. */
  credential_address: 60,
  /** The same for one credential id, from wherever: told and not refused. */
  credential_id: 60,
  /** What one visitor asks of the support desk. */
  support: 300,
  /** References that led nowhere, of one visitor. */
  reference: 30,
  /** Staff sign-ins from one address: an office. */
  staff: 120,
} as const;

export type Rule = keyof typeof ruleLimits;
export type RuleLimits = Readonly<Record<Rule, number>>;

/** Undefined: it passes. Otherwise in how many seconds it would. */
export type Verdict = number | undefined;

/** `rule key` as blinded text -> how often. */
export type Counts = Readonly<Record<string, number>>;

export interface Limiter {
  /** Counts one and judges. */
  count(rule: Rule, key: string): Promise<Verdict>;
  /** Judges what was counted, and counts nothing. */
  look(rule: Rule, key: string): Promise<Verdict>;
  /** What was counted here since the last call, of keys that are on their way to a limit. */
  takeNews(): Promise<Counts>;
  /** Adds what another server counted. */
  learn(news: Counts): Promise<void>;
}

export interface LimiterNeeds {
  /** A keyed hash: what is counted, kept and told to other servers names nobody. */
  readonly blind: (rule: string, key: string) => string;
  readonly limits?: RuleLimits;
  /** Told of each that does not pass. */
  readonly onLimited?: (rule: Rule) => void;
}

const seconds = 60;
/** A key is told of from this part of its limit on: up to so many servers let no more than twice the limit through. */
const toldFrom = 1 / 16;
/** Keys that wait to be told; more are a flood from everywhere, which no key would stop. */
const mostNews = 20_000;

export function createLimiter({ blind, limits = ruleLimits, onLimited = () => undefined }: LimiterNeeds): Limiter {
  const counters = new Map(
    Object.entries(limits).map(([rule, points]) => [rule, new RateLimiterMemory({ points, duration: seconds })]),
  );
  const news = new Map<string, number>();
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
      if (news.size < mostNews || news.has(name)) news.set(name, (news.get(name) ?? 0) + 1);
      try {
        await counterOf(rule).consume(blinded);
        return undefined;
      } catch (result) {
        if (!(result instanceof RateLimiterRes)) throw result;
        onLimited(rule);
        return toSeconds(result);
      }
    },
    async look(rule, key) {
      const found = await counterOf(rule).get(blind(rule, key));
      if (found === null || found.consumedPoints < limits[rule]) return undefined;
      onLimited(rule);
      return toSeconds(found);
    },
    async takeNews() {
      const taken: Record<string, number> = {};
      for (const [name, count] of news) {
        const [rule = '', blinded = ''] = name.split(' ');
        const found = await counterOf(rule).get(blinded);
        if (found === null) news.delete(name);
        else if (found.consumedPoints >= counterOf(rule).points * toldFrom) {
          taken[name] = count;
          news.delete(name);
        }
      }
      return taken;
    },
    async learn(told) {
      for (const [name, count] of Object.entries(told)) {
        const [rule = '', blinded = ''] = name.split(' ');
        // Another version may have other rules.
        if (counters.has(rule) && count > 0) await counterOf(rule).penalty(blinded, count);
      }
    },
  };
}
