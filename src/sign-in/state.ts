// The `state` of authorization requests: random and authenticated, so that a forged one is recognised when the browser
// comes back without a cookie. It proves nothing on its own; the attempt's cookie does.
import { takeRandom } from '../store/random.ts';
import { equalInConstantTime, type Vault } from '../store/vault.ts';

/** `portal`: the bridge's restart of a launch without state. `login`: the user began at /login. */
export type Start = 'portal' | 'login';

export interface StateFacts {
  readonly start: Start;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Names the attempt's cookie. Sorts by time. */
  readonly attempt: string;
}

/** Time allowed for a sign-in at Clever. */
export const signInSeconds = 600;

export interface States {
  make(start: Start): { readonly state: string; readonly facts: StateFacts };
  /** What a text of this form says of itself; its cookie, sealed for this very state, proves it. */
  parse(state: string): StateFacts | undefined;
  /** The facts of a state that this bridge made, of any age and from any browser. */
  read(state: string): StateFacts | undefined;
  isFresh(facts: StateFacts): boolean;
}

/** @param clock milliseconds since the epoch */
export function createStates(vault: Vault, clock: () => number = Date.now): States {
  const sign = (body: string) => vault.blind('state', body);
  return {
    make(start) {
      const startedAt = clock();
      const time = startedAt.toString(36).padStart(9, '0');
      const body = `${start === 'portal' ? 'p' : 'l'}${time}${takeRandom(18).toString('base64url')}`;
      return { state: `${body}.${sign(body)}`, facts: { start, startedAt, attempt: body.slice(1, 18) } };
    },
    parse: (state) => parse(state)?.facts,
    read(state) {
      const parsed = parse(state);
      return parsed !== undefined && equalInConstantTime(parsed.signature, sign(parsed.body))
        ? parsed.facts
        : undefined;
    },
    isFresh: ({ startedAt }) => clock() - startedAt < signInSeconds * 1000,
  };
}

function parse(state: string) {
  const [, body, signature] = /^([pl][0-9a-z]{9}[\w-]{24})\.([^.]*)$/.exec(state) ?? [];
  if (body === undefined || signature === undefined) return undefined;
  const facts: StateFacts = {
    start: body.startsWith('p') ? 'portal' : 'login',
    startedAt: Number.parseInt(body.slice(1, 10), 36),
    attempt: body.slice(1, 18),
  };
  return { body, signature, facts };
}
