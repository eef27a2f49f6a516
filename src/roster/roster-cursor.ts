// The opaque cursor of a change log reader. Decides whether a cursor is still valid; change-log.ts owns the changes.
import { type ChangeLog, changesKeptSeconds } from './change-log.ts';

export type ReadCursor =
  | {
      readonly kind: 'place';
      readonly epoch: string;
      /** Cursor of the log; undefined for its beginning. */
      readonly after: string | undefined;
    }
  | { readonly kind: 'refused'; readonly code: 'cursor_malformed' | 'cursor_gone' };

export interface RosterCursors {
  /** The position after all entries appended so far. */
  now(districtId: string): Promise<string>;
  /** `cursor_gone`: entries after it may have expired, or the district was erased since; read everything again. */
  read(districtId: string, text: string): Promise<ReadCursor>;
  show(epoch: string, after: string): string;
}

// The epoch, and a cursor of the log (log-cursor.ts) or the time at which the log was found empty.
const form = /^([0-9a-f]{16})\.(?:(\d{15}-\d{10})|start-(\d{13,15}))$/;

/** A log that was empty for nearly its whole retention may have lost entries since. */
const startIsGoodForMs = (changesKeptSeconds - 86_400) * 1000;
const clockDifferenceMs = 3_600_000;

export function createRosterCursors(changes: ChangeLog, clock: () => number = Date.now): RosterCursors {
  const gone = { kind: 'refused', code: 'cursor_gone' } as const;
  const isGoodStart = (at: number) => at > clock() - startIsGoodForMs && at < clock() + clockDifferenceMs;
  return {
    async now(districtId) {
      const { epoch, newest } = await changes.bounds(districtId);
      return `${epoch}.${newest ?? `start-${clock()}`}`;
    },
    async read(districtId, text) {
      const [, epoch, after, start] = form.exec(text) ?? [];
      if (epoch === undefined) return { kind: 'refused', code: 'cursor_malformed' };
      const kept = await changes.bounds(districtId);
      if (epoch !== kept.epoch) return gone;
      if (after === undefined) return isGoodStart(Number(start)) ? { kind: 'place', epoch, after } : gone;
      const isKept = kept.oldest !== undefined && kept.newest !== undefined;
      return isKept && kept.oldest <= after && after <= kept.newest ? { kind: 'place', epoch, after } : gone;
    },
    show: (epoch, after) => `${epoch}.${after}`,
  };
}
