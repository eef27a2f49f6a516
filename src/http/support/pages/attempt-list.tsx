// Attempts as rows, newest first: what went wrong and who must act, nothing that says who the person is.

import { problemTexts } from '../../problem-texts.ts';
import type { describeAttempt } from '../attempt-document.ts';
import { ownerNames, Time } from './desk-layout.tsx';

export type AttemptItem = ReturnType<typeof describeAttempt>;

export function AttemptList({ items }: { readonly items: readonly AttemptItem[] }) {
  if (items.length === 0) return <p>No attempt fits. Nobody failed, or it is longer ago than attempts are kept.</p>;
  return (
    <ol class="rows">
      {items.map((item) => (
        <li key={item.reference}>
          <a href={`/support/attempts/${item.reference}`}>{item.reference}</a>
          <span class="what">
            {problemTexts.en.codes[item.code].unknown.heading}
            {item.difference && <span class="quiet"> ({item.difference.replace('_', ' ')})</span>}
            {item.district && <span class="quiet"> · {item.district}</span>}
          </span>
          <span>{ownerNames[item.owner]}</span>
          <span class="time">
            <Time at={Date.parse(item.at)} />
          </span>
          <State resolvedAt={item.resolved_at} />
        </li>
      ))}
    </ol>
  );
}

export const State = ({ resolvedAt }: { readonly resolvedAt: string | null }) =>
  resolvedAt === null ? <span class="badge open">Open</span> : <span class="badge done">Resolved</span>;
