// The fault runs in words and figures, for docs/reports/sessions.md.

import { measuredOn } from '../report-section.ts';
import type { Scenario } from './scenarios.ts';
import type { Verdict } from './verdict.ts';

export interface Result {
  readonly scenario: Scenario;
  readonly verdict: Verdict;
}

export function isUpheld({ scenario, verdict }: Result): boolean {
  const isLossFine = verdict.lost === 0 || scenario.mayLoseSignIns;
  return verdict.isWhole && verdict.undone === 0 && verdict.unlisted === 0 && isLossFine;
}

/** @param before the report so far: the sections of runs that are not among the results stay */
export function writeReport(before: string, results: readonly Result[]): string {
  const kept = new Map(readSections(before));
  for (const result of results) kept.set(result.scenario.title, sectionOf(result));
  return [...introduction, ...kept.values()].join('\n');
}

function readSections(report: string): [string, string][] {
  const [, ...sections] = report.split(/^## /m);
  return sections.map((section) => [section.split('\n', 1)[0] ?? '', `## ${section}`]);
}

const introduction = [
  '# Sessions under SIGKILL',
  '',
  'The results of `npm run prove:sessions`. Everything ran on one machine.',
  '',
  'Two bridges, six districts of 600 students, 32 people at once. Each signs in through a stub of Clever (OpenID Connect with',
  'PKCE, RS256), by `/login` or as from the portal, the start at one bridge and the callback perhaps at the other. Of ten,',
  'three sessions are then ended by `/oauth/revoke`, one by `/logout`, one by the next person at the same browser, and of a',
  'few accounts all by `/districts/{id}/sessions/end`. After a third of the sign-ins a bridge is killed and started again,',
  'after another third Redis is killed. Meanwhile two others keep asking `/oauth/introspect` about sessions of any age;',
  'at the end every session is checked, and the list for offline checkers is read.',
  '',
  'An ending counts as acknowledged when its request was answered with success, a sign-in when its session cookie came.',
  'A request that was not acknowledged may have taken effect or not, and is only counted.',
  '',
];

function sectionOf(result: Result): string {
  const { scenario, verdict } = result;
  const { revoke, logout, replaced, account } = verdict.ended;
  const rows: readonly (readonly [string, string | number])[] = [
    ['sign-ins acknowledged', verdict.signIns],
    ['endings acknowledged', `${revoke} revoked, ${logout} signed out, ${replaced} replaced, ${account} by account`],
    ['endings asked for and not acknowledged', verdict.undecided],
    ['**acknowledged endings that were accepted again**', `**${verdict.undone}**`],
    ['**acknowledged endings missing from the list for offline checkers**', `**${verdict.unlisted}**`],
    [`**live sessions lost**${scenario.mayLoseSignIns ? '' : ' (must be 0)'}`, `**${verdict.lost}**`],
    ['loss window: first lost sign-in before the death', `${verdict.lossWindowMs} ms`],
    ['introspections meanwhile', verdict.looks],
    ['longest time without a sign-in', `${verdict.maxPauseMs} ms`],
    ['sign-ins not acknowledged', informOthers(verdict)],
    ['took', `${verdict.seconds.toFixed(1)} s`],
  ];
  return [
    `## ${scenario.title}`,
    '',
    `${isUpheld(result) ? 'Upheld' : '**Not upheld**'} on ${new Date().toISOString().slice(0, 10)}: ${measuredOn()}.`,
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
    '',
  ].join('\n');
}

const informOthers = ({ others }: Verdict) =>
  Object.entries(others)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ') || 'none';
