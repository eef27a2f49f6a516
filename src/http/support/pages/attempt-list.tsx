// Attempts as rows, newest first: what went wrong and who must act, nothing that identifies the user.
import { outcomeCodes } from '../../../outcome/outcome-codes.ts';
import type { describeAttempt } from '../../../support/attempt-document.ts';
import type { StateName } from '../../../support/attempt-state.ts';
import { differenceNames } from './difference-names.ts';
import { ownerNames } from './support-layout.tsx';
import { Time } from './time.tsx';

export type AttemptItem = ReturnType<typeof describeAttempt> & {
  /** Of the user, if the list has a row per user. */
  readonly tries?: number;
};

export function AttemptList({ items }: { readonly items: readonly AttemptItem[] }) {
  if (items.length === 0)
    return <p>No attempt matches. No sign-in failed, or it is longer ago than attempts are kept.</p>;
  return (
    <ol class="rows attempts">
      {items.map(({ reference, code, difference, district, owner, at, state, tries }) => (
        <li key={reference}>
          <a href={`/support/attempts/${reference}`}>{reference}</a>
          <span class="what">
            {outcomeCodes[code].title}{' '}
            <span class="quiet">
              {[
                difference && differenceNames[difference],
                district,
                tries !== undefined && tries > 1 && `${tries} tries`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
          <span class="who">{ownerNames[owner]}</span>
          <span class="time">
            <Time at={Date.parse(at)} />
          </span>
          <State state={state} />
        </li>
      ))}
    </ol>
  );
}

const stateNames = { open: 'Open', resolved: 'Resolved', mended: 'Mended' } as const;

export const State = ({ state }: { readonly state: StateName }) => (
  <span class={`badge ${state === 'open' ? 'open' : 'done'}`}>{stateNames[state]}</span>
);
