// What is known of a store: whether it is whole, takes writes and keeps what it has. Reads and writes go through it, and are
// answered only while it vouches for the store. The marks it looks at are store-identity.ts.
import { moveFailure } from '../move/move-marker.ts';
import { createMoveWatch } from '../move/move-watch.ts';
import { type Address, ignoreSilence, type Store, StoreUnavailable } from '../store.ts';
import { shareNext } from './share-next.ts';
import { type IdentityMark, readIdentity } from './store-identity.ts';

/** `lost`: nothing of the store is there, or not all of it. `other`: it is another store. `moved`: it was, a while ago. */
export type StoreFault = 'lost' | 'other' | 'moved';
/** `read_only`: it answers and takes no writes. `evicting`: it throws keys away for want of memory. */
export type StoreHealth = StoreFault | 'whole' | 'evicting' | 'read_only';

export interface StoreInspection {
  /** As of the last check; silence is no fault of what is held. */
  health(): StoreHealth;
  /** Why it takes no writes: the reason of a StoreUnavailable. `MOVING` and `MOVED` are those of a store that is moved. */
  readOnlyReason(): string | undefined;
  /** The listener is called once for each change. */
  onChange(listener: (health: StoreHealth) => void): void;
  /** @param isNothing whether the answer says that nothing at all is there: only a store that is whole may say that */
  ask<Value>(verb: () => Promise<Value>, isNothing?: (value: Value) => boolean): Promise<Value>;
  /** A write that is refused changes the health. A store that is being moved takes none. */
  write<Value>(verb: () => Promise<Value>): Promise<Value>;
  /** A write that only removes: a store without memory takes it too, so it says nothing of others. */
  removal<Value>(verb: () => Promise<Value>, isNothing?: (value: Value) => boolean): Promise<Value>;
  walk<Item>(items: AsyncIterable<Item>): AsyncIterable<Item>;
  /** @throws StoreUnavailable unless the store is what it was */
  check(): Promise<void>;
  /** Checks everything, also evictions and, every ten seconds, whether writes are taken. Silence is no failure. */
  inspect(): Promise<void>;
}

/** Answers of a store that reads and does not write: no memory, a replica, too few replicas, an access list, its disk. */
const readOnlyReasons: readonly string[] = [
  ...['MISCONF', 'OOM', 'READONLY', 'NOREPLICAS', 'NOPERM'],
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO'],
];
/** So often is one small value written beside each mark, while writes are taken; else with every inspection. Milliseconds. */
const probeEveryMs = 10_000;
const probeAt = ({ at }: IdentityMark): Address => ({ partition: at.partition, id: 'write-probe' });

/**
 * @param identities all of which stand
 * @param clock steady milliseconds
 */
export function createStoreInspection(
  store: Store,
  identities: readonly IdentityMark[],
  clock: () => number = () => performance.now(),
): StoreInspection {
  // Long by the steps of one judgement over what was seen of the store; each is short.
  const epoch = () => store.epoch?.() ?? 0;
  let seenEpoch = epoch();
  let fault: StoreFault | undefined;
  let evicted: number | undefined;
  let isEvicting = false;
  let readOnly: string | undefined;
  /** A server that only reads would else learn from its first sign-in that writes are refused. */
  let probedAt = Number.NEGATIVE_INFINITY;
  let lastKnown = 'whole ';
  let report: (health: StoreHealth) => void = () => undefined;

  const move = createMoveWatch(store, () => change());
  const moveReason = () => move.state()?.toUpperCase();
  const readOnlyReason = () => moveReason() ?? readOnly;
  const health = (): StoreHealth => {
    if (move.isGone()) return 'moved';
    return fault ?? (readOnlyReason() === undefined ? (isEvicting ? 'evicting' : 'whole') : 'read_only');
  };
  const isVouchedFor = () => fault === undefined && epoch() === seenEpoch;

  function change(): void {
    const known = `${health()} ${moveReason() ?? ''}`;
    if (known === lastKnown) return;
    lastKnown = known;
    report(health());
  }

  function refuseGone(): void {
    if (move.isGone()) throw new StoreUnavailable(moveFailure('moved'));
  }

  async function checkIdentities(): Promise<void> {
    const began = epoch();
    const states = await Promise.all(identities.map((mark) => readIdentity(store, mark).catch(silenceOf)));
    const wrong = states.filter((state) => state === 'missing' || state === 'other');
    fault = wrong.length === 0 ? fault : wrong.includes('other') ? 'other' : 'lost';
    // A part of a cluster that is silent answers nothing wrong either; when it is back, the epoch is another.
    if (wrong.length === 0 && states.includes('stands')) {
      seenEpoch = began;
      fault = undefined;
    }
    change();
    if (fault !== undefined) throw new StoreUnavailable(new Error(`the store is not what it was: ${fault}`));
    const silent = states.find((state) => state instanceof StoreUnavailable);
    if (!states.includes('stands') && silent !== undefined) throw silent;
  }

  const checkNow = shareNext(checkIdentities);

  async function vouch(): Promise<void> {
    for (let checks = 0; !isVouchedFor(); checks += 1) {
      if (checks === 3) throw new StoreUnavailable(new Error('the connection does not last'));
      await checkNow();
    }
  }

  /** Nothing at all where something was asked for: only a store that is whole may say that. */
  async function vouchForNothing(): Promise<void> {
    await checkNow();
    await vouch();
    if (isEvicting) throw new StoreUnavailable(new Error('the store throws keys away'));
  }

  async function ask<Value>(verb: () => Promise<Value>, isNothing: (value: Value) => boolean = () => false) {
    refuseGone();
    if (!isVouchedFor()) await vouch();
    const value = await verb();
    if (isNothing(value)) await vouchForNothing();
    else if (!isVouchedFor()) await vouch();
    return value;
  }

  /** A write that is refused changes the health at once; that all are taken again is found by the probe. */
  const write = <Value>(verb: () => Promise<Value>): Promise<Value> =>
    ask(async () => {
      await move.refuseWrites();
      try {
        return await verb();
      } catch (failure) {
        if (isRefusal(failure)) noteWrites(failure.reason);
        throw failure;
      }
    });

  const removal: StoreInspection['removal'] = (verb, isNothing) =>
    ask(async () => {
      await move.refuseWrites();
      return verb();
    }, isNothing);

  function noteWrites(refusedBy: string | undefined): void {
    readOnly = refusedBy;
    change();
  }

  /** In each part of the engine: of a Cluster one master may be full and the others not. */
  async function probeWrites(): Promise<void> {
    if (move.state() !== undefined || (readOnly === undefined && clock() - probedAt < probeEveryMs)) return;
    probedAt = clock();
    const puts = identities.map((mark) => () => store.put(probeAt(mark), Buffer.from('1'), { ttlSeconds: 60 }));
    const results = await Promise.all(puts.map((put) => write(put).catch(silenceOf)));
    if (results.includes(true) && !results.some(isRefusal)) noteWrites(undefined);
  }

  async function* walk<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    refuseGone();
    let isEmpty = true;
    for await (const item of items) {
      isEmpty = false;
      if (!isVouchedFor()) await vouch();
      yield item;
    }
    if (isEmpty) await vouchForNothing();
    else if (!isVouchedFor()) await vouch();
  }

  async function findEvictions(): Promise<void> {
    const count = await store.evictions?.();
    if (count === undefined) return;
    // A server that was restarted counts from nought again.
    if (evicted !== undefined && count > evicted) isEvicting = true;
    evicted = count;
    change();
  }

  return {
    health,
    readOnlyReason,
    onChange(listener) {
      report = listener;
    },
    ask,
    write,
    removal,
    walk,
    async check() {
      refuseGone();
      await checkNow();
      await vouch();
    },
    async inspect() {
      await Promise.all([checkNow(), move.look(), findEvictions(), probeWrites()]).catch(ignoreSilence);
      change();
    },
  };
}

/** Of writes alone: the store answers. */
const isRefusal = (failure: unknown): failure is StoreUnavailable =>
  failure instanceof StoreUnavailable && readOnlyReasons.includes(failure.reason);

/** A part that does not answer is no mark that is gone. */
function silenceOf(failure: unknown): StoreUnavailable {
  if (failure instanceof StoreUnavailable) return failure;
  throw failure;
}
