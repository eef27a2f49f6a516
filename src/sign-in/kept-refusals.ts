// A refusal, sealed into a cookie of the browser, so that reload, back and a dropped tab show it again for ten minutes,
// even if the store does not answer.
import * as z from 'zod';
import type { Refused } from '../outcome/outcome.ts';
import { sealedJson, storedObject } from '../store/sealed.ts';
import type { Vault } from '../store/vault.ts';
import { signInSeconds } from './state.ts';

export interface KeptRefusals {
  /** The value of the attempt's cookie. */
  seal(attempt: string, refused: Refused): string;
  /** Undefined if it was not sealed for this attempt, or more than ten minutes ago. */
  open(attempt: string, sealed: string): Refused | undefined;
  /** The one of several that was shown last. */
  openLatest(sealed: ReadonlyMap<string, string>): Refused | undefined;
}

type Answered = Refused & {
  readonly note?: unknown;
  readonly attempt?: unknown;
  readonly endsSession?: unknown;
  readonly repeated?: unknown;
};

interface Kept {
  /** Milliseconds since the epoch, of the refusal and of its last redirect to the page. */
  readonly at: number;
  readonly shownAt: number;
  readonly refused: Refused;
}

const keptShape: z.ZodType<Kept> = z.object({
  at: z.number(),
  shownAt: z.number(),
  refused: storedObject<Refused>(),
});

const addressOf = (attempt: string) => ({ partition: 'cookie', id: `refused.${attempt}` });

export function createKeptRefusals(vault: Vault, clock: () => number): KeptRefusals {
  const kept = sealedJson(vault, keptShape);

  function read(attempt: string, sealed: string): Kept | undefined {
    const found = kept.tryOpen(addressOf(attempt), Buffer.from(sealed, 'base64url'));
    return found !== undefined && clock() - found.at < signInSeconds * 1000 ? found : undefined;
  }

  return {
    seal(attempt, outcome) {
      const refused = onlyRefusal(outcome);
      const value = { at: refused.at ?? clock(), shownAt: clock(), refused };
      return kept.seal(addressOf(attempt), value).toString('base64url');
    },
    open: (attempt, sealed) => read(attempt, sealed)?.refused,
    openLatest: (cookies) =>
      [...cookies]
        .flatMap(([attempt, sealed]) => read(attempt, sealed) ?? [])
        .sort((one, other) => other.shownAt - one.shownAt)[0]?.refused,
  };
}

/**
 * The refusal of a callback's outcome, without the parts for the log and the route. Undefined members are not sealed.
 */
const onlyRefusal = (outcome: Refused): Refused => {
  const {
    note: _note,
    attempt: _attempt,
    endsSession: _endsSession,
    repeated: _repeated,
    ...refused
  }: Answered = outcome;
  return refused;
};
