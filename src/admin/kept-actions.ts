// Actions of staff that are remembered: those that wait for a second person, all in one bounded record, and for a day how each
// ended, so that its page answers again without doing anything again. Sealed; an ended one goes with its district.
import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import { sealed, storedObject, storedWord } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { ActionFacts, ActionRefusal, StaffAction } from './staff-action.ts';

export type KeptState = 'waiting' | 'approved' | 'done' | 'refused' | 'declined' | 'withdrawn';

export interface KeptAction {
  /** 32 hex signs. */
  readonly id: string;
  readonly district: string;
  readonly action: StaffAction;
  /** Who asked, as in the audit log. */
  readonly by: string;
  readonly identities: readonly string[];
  readonly reason: string;
  /** When it was asked for; milliseconds since the epoch, as all times here. */
  readonly at: number;
  /** From then on it cannot be approved. */
  readonly waitsUntil: number;
  /** Of the attempt that it began from. */
  readonly reference?: string | undefined;
  readonly state: KeptState;
  readonly decision?: { readonly by: string; readonly at: number; readonly reason?: string | undefined } | undefined;
  /** What it did, or whom it is about. */
  readonly facts: ActionFacts;
  readonly refusal?: ActionRefusal | undefined;
}

export interface KeptActions {
  find(districtId: string, id: string): Promise<KeptAction | undefined>;
  /** Those that no second person has decided on yet, the oldest first; of all districts. */
  listWaiting(): Promise<readonly KeptAction[]>;
  /**
   * Changes the list of those that wait, in one step. @param edit may be called again if another server changed the list
   * meanwhile; without `next` nothing is written
   */
  change<Value>(edit: (waiting: readonly KeptAction[]) => Edited<Value>): Promise<Value>;
  /** Keeps how one ended; it waits no more. */
  keepEnded(kept: KeptAction): Promise<void>;
  /** Those of an erased district. */
  forget(districtId: string): Promise<void>;
}

export interface Edited<Value> {
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
  /** What expired is shown as expired for a day, and then forgotten. */
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
      // Not of a district that is gone: nothing would erase it.
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
