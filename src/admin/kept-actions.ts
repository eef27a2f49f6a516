// Stored actions of staff: those that wait for a second person, in one bounded record, and for a day the result of
// each, so that its page can be reloaded without repeating the action. Sealed; a finished one is erased with its
// district.
import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import { sealed, storedObject, storedWord } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type ActionFacts, type ActionRefusal, type StaffAction, subjectOf } from './staff-action.ts';

type KeptState = 'waiting' | 'approved' | 'done' | 'refused' | 'declined' | 'withdrawn';

export interface KeptAction {
  /** 32 hex digits. */
  readonly id: string;
  readonly district: string;
  readonly action: StaffAction;
  /** The requester, as in the audit log. */
  readonly by: string;
  readonly identities: readonly string[];
  readonly reason: string;
  /** When it was requested; milliseconds since the epoch, as all times here. */
  readonly at: number;
  /** When the request expires. */
  readonly waitsUntil: number;
  /** Of the attempt from which it was requested. */
  readonly reference?: string | undefined;
  readonly state: KeptState;
  readonly decision?: { readonly by: string; readonly at: number; readonly reason?: string | undefined } | undefined;
  /** What it did, or the subject in ids. */
  readonly facts: ActionFacts;
  readonly refusal?: ActionRefusal | undefined;
}

export interface KeptActions {
  find(districtId: string, id: string): Promise<KeptAction | undefined>;
  /** Those that wait for a decision, oldest first; of all districts. */
  listWaiting(): Promise<readonly KeptAction[]>;
  /**
   * Changes the list of waiting actions atomically.
   * @param edit may be called again if another server changed the list meanwhile; without `next` nothing is written
   */
  change<Value>(edit: (waiting: readonly KeptAction[]) => Edited<Value>): Promise<Value>;
  /** Stores a finished action and removes it from the list of waiting ones. */
  keepEnded(kept: KeptAction): Promise<void>;
  /** Removes those of an erased district. */
  forget(districtId: string): Promise<void>;
}

interface Edited<Value> {
  readonly next?: readonly KeptAction[];
  readonly value: Value;
}

export const waitSeconds = 86_400;
const endedSeconds = 86_400;
const waitingListSeconds = 8 * 86_400;

const keptFields = {
  id: z.string(),
  district: z.string(),
  action: storedObject<StaffAction>(),
  by: z.string(),
  identities: z.array(z.string()),
  reason: z.string(),
  at: z.number(),
  waitsUntil: z.number(),
  reference: z.string().optional(),
  state: storedWord<KeptState>(),
  decision: z.object({ by: z.string(), at: z.number(), reason: z.string().optional() }).optional(),
  facts: storedObject<ActionFacts>(),
  refusal: storedWord<ActionRefusal>().optional(),
};
const keptShape: z.ZodType<KeptAction> = z.object(keptFields);
const listShape: z.ZodType<readonly KeptAction[]> = z.array(keptShape);

const listAt: Address = { partition: 'staff-actions', id: 'waiting' };

export const isActionId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

export function createKeptActions(store: Store, vault: Vault, clock: () => number): KeptActions {
  const lists = sealed(store, vault, listShape);
  const ended = sealed(store, vault, keptShape);
  const endedAt = (districtId: string, id: string): Address => ({
    partition: partitionOf(vault, districtId),
    id: `action.${id}`,
  });
  /** An expired request is shown as expired for a day and then deleted. */
  const isKept = ({ waitsUntil }: KeptAction) => waitsUntil + endedSeconds * 1000 > clock();

  const actions: KeptActions = {
    async find(districtId, id) {
      if (!isActionId(id)) return undefined;
      const [over, waiting] = await Promise.all([ended.read(endedAt(districtId, id)), lists.read(listAt)]);
      return over ?? waiting?.find((kept) => kept.id === id && kept.district === districtId && isKept(kept));
    },
    async listWaiting() {
      const waiting = (await lists.read(listAt)) ?? [];
      return waiting.filter(({ state, waitsUntil }) => state === 'waiting' && waitsUntil > clock());
    },
    async change(edit) {
      const [value] = await store.get([listAt]);
      const edited = edit((lists.openFound(listAt, value) ?? []).filter(isKept));
      if (edited.next === undefined) return edited.value;
      const write = lists.write(listAt, edited.next, waitingListSeconds);
      return (await store.commit([{ at: listAt, oneOf: [value] }], [write])) ? edited.value : actions.change(edit);
    },
    async keepEnded(kept) {
      // Not stored for a removed district: nothing would erase it.
      if (kept.action.kind !== 'remove_district' || kept.state !== 'done')
        await store.commit([], [ended.write(endedAt(kept.district, kept.id), kept, endedSeconds)]);
      await drop(({ id }) => id === kept.id);
    },
    forget: (districtId) => drop(({ district }) => district === districtId),
  };

  const drop = (isGone: (kept: KeptAction) => boolean): Promise<void> =>
    actions.change((waiting) =>
      waiting.some(isGone) ? { next: waiting.filter((kept) => !isGone(kept)), value: undefined } : { value: undefined },
    );

  return actions;
}

export type StateNow = KeptState | 'expired';

/** @param now milliseconds since the epoch */
export const stateNow = ({ state, waitsUntil }: Pick<KeptAction, 'state' | 'waitsUntil'>, now: number): StateNow =>
  state === 'waiting' && waitsUntil <= now ? 'expired' : state;

/** As JSON: ids and counts, no names of users. */
export function describeKept(kept: KeptAction, now: number) {
  const { id, district, action, by, reason, at, waitsUntil, reference, decision, facts, refusal } = kept;
  return {
    id,
    district,
    action: action.kind,
    ...subjectOf(action),
    ...facts,
    state: stateNow(kept, now),
    by,
    reason,
    at: timeOf(at),
    expires_at: timeOf(waitsUntil),
    reference: reference ?? null,
    decision:
      decision === undefined ? null : { by: decision.by, at: timeOf(decision.at), reason: decision.reason ?? null },
    /** Why it failed although it was approved. */
    code: refusal ?? null,
  };
}

const timeOf = (at: number): string => new Date(at).toISOString();
