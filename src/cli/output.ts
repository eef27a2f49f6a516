// The output of a command: text for people, with --json one document for programs. Errors go to standard error.
import { styleText } from 'node:util';
import { unprintable } from '../audit/reason.ts';

/** 0 done, 1 refused or held with reasons, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

export interface Output {
  /** The result: `data` with --json, else the lines. */
  result(data: object, lines: readonly string[]): 0;
  /**
   * A reason for exit code 1 or 2: a problem document with --json (also on standard output, so that it can be parsed),
   * else its detail.
   * @param lines the detail of several lines
   */
  problem(problem: CommandProblem, exitCode?: 1 | 2, lines?: readonly string[]): 1 | 2;
  /** Progress and notices; never on standard output. */
  aside(line: string): void;
  readonly isTerminal: boolean;
  /** With --json. */
  readonly isJson: boolean;
}

interface CommandProblem {
  readonly code: string;
  readonly detail: string;
  readonly [more: string]: unknown;
}

export interface Streams {
  /** `hasColors` as a terminal has it (node:tty), which heeds NO_COLOR and TERM; a pipe or file has none. */
  readonly stdout: { write(text: string): unknown; hasColors?(): boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

export function createOutput({ stdout, stderr }: Streams, json: boolean): Output {
  const mark = !json && stdout.hasColors?.() === true ? colorSeverity : (line: string) => line;
  const print = (lines: readonly string[]) =>
    stdout.write(lines.map((line) => `${mark(toPrintable(line))}\n`).join(''));
  return {
    result(data, lines) {
      print(json ? [JSON.stringify(data)] : lines);
      return 0;
    },
    problem(problem, exitCode, lines = [problem.detail]) {
      if (json) print([JSON.stringify({ error: problem })]);
      else stderr.write(lines.map((line) => `${toPrintable(line)}\n`).join(''));
      return exitCode ?? 1;
    },
    aside: (line) => void stderr.write(`${toPrintable(line)}\n`),
    isTerminal: stderr.isTTY === true,
    isJson: json,
  };
}

/** The severity of a finding, at the beginning of its line. */
const colorSeverity = (line: string): string =>
  line.replace(/^(?:ERROR|warning)(?= {2})/, (word) =>
    styleText(['bold', word === 'ERROR' ? 'red' : 'yellow'], word, { validateStream: false }),
  );

const allUnprintable = new RegExp(unprintable, 'gu');

/**
 * Names, ids and reasons come from outside: control sequences are escaped as in JSON, so that a line stays one line and
 * nothing is put on the clipboard (OSC 52).
 */
const toPrintable = (line: string): string =>
  line.replace(allUnprintable, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The same for a text of several lines, such as an error that repeats an argument. */
export const toPrintableLines = (text: string): string => text.split('\n').map(toPrintable).join('\n');
