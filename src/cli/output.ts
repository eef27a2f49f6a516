// How a command speaks: text for people, with --json one document for programs. Errors go to standard error.

export interface Output {
  /** The result: `data` with --json, else the lines. */
  result(data: object, lines: readonly string[]): 0;
  /** A reason for exit code 1 or 2: a problem document with --json (also on standard output, so that it can be parsed), else a line. */
  problem(problem: CommandProblem, exitCode?: 1 | 2): 1 | 2;
  /** Progress and other asides; never on standard output. */
  aside(line: string): void;
  readonly isTerminal: boolean;
}

export interface CommandProblem {
  readonly code: string;
  readonly detail: string;
  readonly [more: string]: unknown;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

export function createOutput({ stdout, stderr }: Streams, json: boolean): Output {
  const print = (lines: readonly string[]) => stdout.write(lines.map((line) => `${line}\n`).join(''));
  return {
    result(data, lines) {
      print(json ? [JSON.stringify(data)] : lines);
      return 0;
    },
    problem(problem, exitCode) {
      if (json) print([JSON.stringify({ error: problem })]);
      else stderr.write(`${problem.detail}\n`);
      return exitCode ?? 1;
    },
    aside: (line) => void stderr.write(`${line}\n`),
    isTerminal: stderr.isTTY === true,
  };
}
