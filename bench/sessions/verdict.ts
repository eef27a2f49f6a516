// Compares the answers of a fault run with the state of the bridges after it.
import { sideBySide } from '../drive-sign-ins.ts';
import type { EndedBy, Opened } from './ledger.ts';
import type { Product } from './product.ts';
import type { Traffic } from './traffic.ts';

export interface Verdict {
  readonly signIns: number;
  /** The traffic reached what was asked for in its time, and every fault struck. */
  readonly isWhole: boolean;
  /** Sign-ins that were refused or not answered, by what came instead. */
  readonly others: Readonly<Record<string, number>>;
  /** Acknowledged endings. */
  readonly ended: Readonly<Record<EndedBy, number>>;
  /** Endings that were asked for and not acknowledged. */
  readonly undecided: number;
  /** Introspections while faults struck. */
  readonly looks: number;
  /** An acknowledged ending, and the session was accepted: meanwhile, or in the end. Must be 0 always. */
  readonly undone: number;
  /** Acknowledged as live, and refused meanwhile or in the end. */
  readonly lost: number;
  /** Acknowledged endings that the list for offline checkers lacks. Must be 0 always. */
  readonly unlisted: number;
  /** How long before the death of Redis the first sign-in that was lost had been acknowledged; 0 where none was. */
  readonly lossWindowMs: number;
  /** The longest time without an acknowledged sign-in. Milliseconds. */
  readonly maxPauseMs: number;
  readonly seconds: number;
}

export interface Case {
  readonly traffic: Traffic;
  readonly product: Product;
  readonly bridges: number;
  /** When Redis was killed. Milliseconds since the epoch. */
  readonly killedAt: number;
}

export async function judge({ traffic, product, bridges, killedAt }: Case): Promise<Verdict> {
  const { isWhole, ledger, looks, endedButAccepted, liveButRefused, seconds } = traffic;
  const undone = new Set(endedButAccepted);
  const lost = new Set(liveButRefused);
  const silent: Opened[] = [];
  await sideBySide(ledger.opened.entries(), 32, async ([at, session]) => {
    if (session.fate === 'ending') return;
    const isActive = await product.isActive(at % bridges, session.token);
    if (isActive === undefined) silent.push(session);
    else if (session.fate === 'ended' && isActive) undone.add(session);
    else if (session.fate === 'live' && !isActive) lost.add(session);
  });
  if (silent.length > 0) throw new Error(`${silent.length} introspections were not answered`);
  const listed = await product.readEndings(bridges - 1);
  const ended = ledger.of('ended');
  const unlisted = ended.filter(({ sid, accountId, endedBy }) => !listed.has(endedBy === 'account' ? accountId : sid));
  const by = (wanted: EndedBy) => ended.filter(({ endedBy }) => endedBy === wanted).length;
  const others = Object.fromEntries([...ledger.outcomes].filter(([outcome]) => outcome !== 'signed-in'));
  return {
    signIns: ledger.opened.length,
    isWhole,
    others,
    ended: { revoke: by('revoke'), logout: by('logout'), replaced: by('replaced'), account: by('account') },
    undecided: ledger.of('ending').length,
    looks,
    undone: undone.size,
    lost: lost.size,
    unlisted: unlisted.length,
    lossWindowMs: lost.size === 0 ? 0 : Math.max(0, killedAt - Math.min(...[...lost].map((one) => one.openedAt))),
    maxPauseMs: longestPause(ledger.opened),
    seconds,
  };
}

function longestPause(opened: readonly Opened[]): number {
  const times = opened.map(({ openedAt }) => openedAt);
  return Math.max(0, ...times.slice(1).map((time, at) => time - (times[at] ?? time)));
}
