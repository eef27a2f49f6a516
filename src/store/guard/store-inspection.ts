// The health of a store: whether it is complete, accepts writes and keeps its data. Reads and writes go through it, and
// are answered only while the store is verified. store-identity.ts has the markers it checks.
import { moveFailure } from '../move/move-marker.ts';
import { createMoveWatch } from '../move/move-watch.ts';
import { type Address, ignoreSilence, type Store, StoreUnavailable } from '../store.ts';
import { shareNext } from './share-next.ts';
import { type IdentityMark, readIdentity } from './store-identity.ts';

/**
 * `lost`: all or part of the store is missing. `other`: it is another store. `moved`: it was moved away a while ago.
 */
type StoreFault = 'lost' | 'other' | 'moved';
/** `read_only`: it answers and accepts no writes. `evicting`: it evicts keys because its memory is full. */
export type StoreHealth = StoreFault | 'whole' | 'evicting' | 'read_only';

export interface StoreInspection {
  /** As of the last check; an unresponsive store does not count as damaged. */
  health(): StoreHealth;
  /** Why it accepts no writes: the reason of a StoreUnavailable. `MOVING` and `MOVED` are those of a store move. */
  readOnlyReason(): string | undefined;
  /** The listener is called once for each change. */
  onChange(listener: (health: StoreHealth) => void): void;
  /** @param isNothing whether the answer means that nothing exists: only a verified store may return that */
  ask<Value>(verb: () => Promise<Value>, isNothing?: (value: Value) => boolean): Promise<Value>;
  /** A rejected write changes the health. A store that is being moved accepts none. */
  write<Value>(verb: () => Promise<Value>): Promise<Value>;
  /** A write that only removes: a store with full memory accepts it too, so it proves nothing about other writes. */
  removal<Value>(verb: () => Promise<Value>, isNothing?: (value: Value) => boolean): Promise<Value>;
  walk<Item>(items: AsyncIterable<Item>): AsyncIterable<Item>;
  /** @throws StoreUnavailable unless the store is still the same */
  check(): Promise<void>;
  /**
   * Checks everything, also evictions and, every ten seconds, whether writes are accepted. An unresponsive store is no
   * failure.
   */
  inspect(): Promise<void>;
}

/**
 * Errors of a store that reads and does not write: no memory, a replica, too few replicas, an access list, its disk.
 */
const readOnlyReasons: readonly string[] = [
  ...['MISCONF', 'OOM', 'READONLY', 'NOREPLICAS', 'NOPERM'],
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO'],
];
/**
 * How often a small value is written beside each marker while writes are accepted; otherwise at every inspection.
 * Milliseconds.
 */
const probeEveryMs = 10_000;
const probeAt = ({ at }: IdentityMark): Address => ({ partition: at.partition, id: 'write-probe' });

/**
 * @param identities all of them are present
 * @param clock monotonic milliseconds
 */
export function createStoreInspection(
  store: Store,
  identities: readonly IdentityMark[],
  clock: () => number = () => performance.now(),
): StoreInspection {
  const state = createStoreState(store, identities);
  const { move, identity, evictions } = state;
  const verbs = createVerbs(state);
  const probeWrites = createWriteProbe(store, identities, clock, state, verbs.write);
  return {
    health: state.health,
    readOnlyReason: state.readOnlyReason,
    onChange: state.onChange,
    ...verbs,
    async check() {
      state.refuseGone();
      await identity.check();
      await identity.vouch();
    },
    async inspect() {
      await Promise.all([identity.check(), move.refresh(), evictions.refresh(), probeWrites()]).catch(ignoreSilence);
      state.change();
    },
  };
}

type StoreState = ReturnType<typeof createStoreState>;

/** What was seen of the store, and the health that follows from it. */
function createStoreState(store: Store, identities: readonly IdentityMark[]) {
  let readOnly: string | undefined;
  let lastKnown = 'whole ';
  let report: (health: StoreHealth) => void = () => undefined;

  const move = createMoveWatch(store, () => change());
  const identity = createIdentityCheck(store, identities, () => change());
  const evictions = createEvictionWatch(store, () => change());
  const moveReason = () => move.state()?.toUpperCase();
  const readOnlyReason = () => moveReason() ?? readOnly;
  const health = (): StoreHealth => {
    if (move.isGone()) return 'moved';
    const fault = identity.fault();
    if (fault !== undefined) return fault;
    if (readOnlyReason() !== undefined) return 'read_only';
    return evictions.areSeen() ? 'evicting' : 'whole';
  };

  function change(): void {
    const known = `${health()} ${moveReason() ?? ''}`;
    if (known === lastKnown) return;
    lastKnown = known;
    report(health());
  }

  return {
    move,
    identity,
    evictions,
    health,
    readOnlyReason,
    change,
    isReadOnly: () => readOnly !== undefined,
    /** @param refusedBy the reason of the store's error; undefined if it accepted a write */
    noteWrites(refusedBy: string | undefined): void {
      readOnly = refusedBy;
      change();
    },
    onChange(listener: (health: StoreHealth) => void): void {
      report = listener;
    },
    refuseGone(): void {
      if (move.isGone()) throw new StoreUnavailable(moveFailure('moved'));
    },
  };
}

/** Whether the markers of the store are the ones it had, on the current connection. */
function createIdentityCheck(store: Store, identities: readonly IdentityMark[], onChange: () => void) {
  const epoch = () => store.epoch?.() ?? 0;
  let seenEpoch = epoch();
  let fault: StoreFault | undefined;
  const isVouchedFor = () => fault === undefined && epoch() === seenEpoch;

  async function readIdentities(): Promise<void> {
    const began = epoch();
    const states = await Promise.all(identities.map((mark) => readIdentity(store, mark).catch(silenceOf)));
    const wrong = states.filter((state) => state === 'missing' || state === 'other');
    fault = wrong.length === 0 ? fault : wrong.includes('other') ? 'other' : 'lost';
    // An unresponsive part of a cluster returns nothing wrong; when it is back, the epoch has changed.
    if (wrong.length === 0 && states.includes('stands')) {
      seenEpoch = began;
      fault = undefined;
    }
    onChange();
    if (fault !== undefined) throw new StoreUnavailable(new Error(`the store is not what it was: ${fault}`));
    const silent = states.find((state) => state instanceof StoreUnavailable);
    if (!states.includes('stands') && silent !== undefined) throw silent;
  }

  const check = shareNext(readIdentities);
  return {
    fault: () => fault,
    isVouchedFor,
    check,
    async vouch(): Promise<void> {
      for (let checks = 0; !isVouchedFor(); checks += 1) {
        if (checks === 3) throw new StoreUnavailable(new Error('the connection does not last'));
        await check();
      }
    },
  };
}

/** Whether the store has evicted keys since the first read. */
function createEvictionWatch(store: Store, onChange: () => void) {
  let evicted: number | undefined;
  let areSeen = false;
  return {
    areSeen: () => areSeen,
    async refresh(): Promise<void> {
      const count = await store.evictions?.();
      if (count === undefined) return;
      // A restarted server counts from zero again.
      if (evicted !== undefined && count > evicted) areSeen = true;
      evicted = count;
      onChange();
    },
  };
}

/** The calls of the store, answered only while it is verified. */
function createVerbs({
  move,
  identity,
  evictions,
  refuseGone,
  noteWrites,
}: StoreState): Pick<StoreInspection, 'ask' | 'write' | 'removal' | 'walk'> {
  /** An empty result for a non-empty request: only a verified store may return that. */
  async function vouchForNothing(): Promise<void> {
    await identity.check();
    await identity.vouch();
    if (evictions.areSeen()) throw new StoreUnavailable(new Error('the store throws keys away'));
  }

  async function ask<Value>(verb: () => Promise<Value>, isNothing: (value: Value) => boolean = () => false) {
    refuseGone();
    if (!identity.isVouchedFor()) await identity.vouch();
    const value = await verb();
    if (isNothing(value)) await vouchForNothing();
    else if (!identity.isVouchedFor()) await identity.vouch();
    return value;
  }

  /** A rejected write changes the health at once; the probe detects when writes are accepted again. */
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

  async function* walk<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    refuseGone();
    let isEmpty = true;
    for await (const item of items) {
      isEmpty = false;
      if (!identity.isVouchedFor()) await identity.vouch();
      yield item;
    }
    if (isEmpty) await vouchForNothing();
    else if (!identity.isVouchedFor()) await identity.vouch();
  }

  return { ask, write, removal, walk };
}

/** Writes in each part of the engine: one master of a Cluster may be full and the others not. */
function createWriteProbe(
  store: Store,
  identities: readonly IdentityMark[],
  clock: () => number,
  { move, isReadOnly, noteWrites }: StoreState,
  write: StoreInspection['write'],
): () => Promise<void> {
  /**
   * -Infinity makes the first inspection probe: otherwise a server without writes would learn only at its first sign-in
   * that writes are rejected.
   */
  let probedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (move.state() !== undefined || (!isReadOnly() && clock() - probedAt < probeEveryMs)) return;
    probedAt = clock();
    const puts = identities.map((mark) => () => store.put(probeAt(mark), Buffer.from('1'), { ttlSeconds: 60 }));
    const results = await Promise.all(puts.map((put) => write(put).catch(silenceOf)));
    if (results.includes(true) && !results.some(isRefusal)) noteWrites(undefined);
  };
}

/** Writes only: the store answers. */
const isRefusal = (failure: unknown): failure is StoreUnavailable =>
  failure instanceof StoreUnavailable && readOnlyReasons.includes(failure.reason);

/** A part that does not answer is not a missing marker. */
function silenceOf(failure: unknown): StoreUnavailable {
  if (failure instanceof StoreUnavailable) return failure;
  throw failure;
}
