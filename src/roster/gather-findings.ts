// Findings grouped for readers: errors first, and those of one kind in one column together, with their lines.
import type { Finding } from '../formats/feed.ts';
import { describeFault, describeOther } from './finding-text.ts';
import type { Findings } from './report.ts';

export interface GatheredFindings {
  readonly severity: Finding['severity'];
  readonly code: Finding['code'];
  readonly file: string;
  readonly sheet: string | undefined;
  /** The column's name in the file. */
  readonly column: string | undefined;
  /** `line 7`, `cell B7`, or a Clever id; empty if the finding is about the whole file. */
  readonly places: readonly string[];
  readonly text: string;
}

export function gatherFindings({ list }: Pick<Findings, 'list'>): GatheredFindings[] {
  const groups = new Map<string, GatheredFindings & { readonly places: string[] }>();
  for (const finding of list) {
    const { severity, code, place } = finding;
    const { sheet, column, method } = place;
    const file = method === undefined ? place.file : `${place.file} (${method})`;
    const text = describeFault(finding);
    const key = JSON.stringify([severity, code, file, sheet, column, text]);
    const group = groups.get(key) ?? { severity, code, file, sheet, column, places: [], text };
    groups.set(key, group);
    const where = describeWhere(place);
    const { other } = place;
    const both = other === undefined ? where : `${where ?? ''} and ${describeOther(other, place.file)}`.trim();
    if (both !== undefined) group.places.push(both);
  }
  return [...groups.values()].sort((one, other) => one.severity.localeCompare(other.severity));
}

function describeWhere({ line, cell, cleverIds }: Finding['place']): string | undefined {
  if (cell !== undefined) return `cell ${cell}`;
  if (line !== undefined) return `line ${line}`;
  return cleverIds === undefined ? undefined : `Clever id ${cleverIds.join(' and ')}`;
}

const findingsHeader = ['severity', 'code', 'file', 'sheet', 'line', 'column', 'cell', 'what'] as const;

/** Rows of the report file, one for each stored finding, and one more for each kind with further ones. */
export function* findingRows({ list, counts }: Findings): Generator<readonly (string | undefined)[]> {
  yield findingsHeader;
  const shown = new Map<string, number>();
  for (const finding of list.toSorted((one, other) => one.severity.localeCompare(other.severity))) {
    const { severity, code, place } = finding;
    const { file, sheet, line, column, cell } = place;
    shown.set(code, (shown.get(code) ?? 0) + 1);
    yield [
      severity,
      code,
      file,
      sheet,
      line === undefined ? undefined : `${line}`,
      column,
      cell,
      describeFault(finding),
    ];
  }
  for (const [code, count] of Object.entries(counts)) {
    const left = count - (shown.get(code) ?? 0);
    if (left > 0) yield [undefined, code, undefined, undefined, undefined, undefined, undefined, `${left} more`];
  }
}
