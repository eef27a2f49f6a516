// Attempts as rows, newest first: what went wrong and who must act, nothing that says who the person is.
import { problemTexts } from '../../problem-texts.ts';
import type { describeAttempt } from '../attempt-document.ts';
import { ownerNames } from './desk-layout.tsx';
import { Time } from './time.tsx';

export type AttemptItem = ReturnType<typeof describeAttempt>;

export function AttemptList({ items }: { readonly items: readonly AttemptItem[] }) {
  if (items.length === 0) return <p>No attempt fits. Nobody failed, or it is longer ago than attempts are kept.</p>;
  return (
    <ol class="rows attempts">
      {items.map(({ reference, code, difference, district, owner, at, resolved_at }) => (
        <li key={reference}>
          <a href={`/support/attempts/${reference}`}>{reference}</a>
          <span class="what">
            {problemTexts.en.codes[code].unknown.heading}{' '}
            <span class="quiet">{[difference?.replace('_', ' '), district].filter(Boolean).join(' · ')}</span>
          </span>
          <span class="who">{ownerNames[owner]}</span>
          <span class="time">
            <Time at={Date.parse(at)} />
          </span>
          <State resolvedAt={resolved_at} />
        </li>
      ))}
    </ol>
  );
}

export const State = ({ resolvedAt }: { readonly resolvedAt: string | null }) =>
  resolvedAt === null ? <span class="badge open">Open</span> : <span class="badge done">Resolved</span>;
