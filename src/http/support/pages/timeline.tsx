// Entries with their times, in the given order.
import type { ComponentChildren } from 'preact';
import { Time } from './time.tsx';

interface TimelineProps<Entry> {
  readonly entries: readonly Entry[];
  readonly describe: (entry: Entry) => ComponentChildren;
}

export const Timeline = <Entry extends { readonly at: number }>({ entries, describe }: TimelineProps<Entry>) =>
  entries.length > 0 && (
    <ol class="rows timeline">
      {entries.map((entry, index) => (
        <li key={`${entry.at}${index}`}>
          <span class="time">
            <Time at={entry.at} />
          </span>
          <span class="what">{describe(entry)}</span>
        </li>
      ))}
    </ol>
  );

/** The action of an audit log entry, in words. */
export const Action = ({ entry }: { readonly entry: { readonly action: string } }) => (
  <strong>{entry.action.replaceAll('_', ' ')}</strong>
);
