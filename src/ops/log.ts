// Structured logs: one JSON line per event, on standard output. Only named fields are written; no message of a library,
// no stack, nothing from a request.

import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { LogLevel } from '../config/config.ts';
import type { SignInEvent } from '../sign-in/sign-in-event.ts';
import { remember } from '../store/remember.ts';
import { StoreUnavailable } from '../store/store.ts';
import { requestFields } from '../trace/request-context.ts';

export interface Log {
  /** @param count number of events that the line represents, if they share one */
  signIn(event: Omit<SignInEvent, 'isUnproven'>, count?: number): void;
  /** An unexpected failure, or a store that does not answer: its kind and location, never its message. */
  failure(failure: unknown): void;
  info(event: string, facts?: Readonly<Record<string, string | number | boolean>>): void;
  warn(event: string, facts?: Readonly<Record<string, string | number | boolean>>): void;
}

interface ProcessLog extends Log {
  /** An error that keeps the server from running. */
  error(event: string, facts?: Readonly<Record<string, string | number | boolean>>): void;
}

interface LogSink {
  write(line: string): void;
}

/**
 * @param level less severe lines are omitted
 * @param worker number of this process among several; in each line
 */
export function createLog(sink: LogSink, level: LogLevel = 'info', worker?: number): ProcessLog {
  const logger = pino(
    {
      level,
      base: worker === undefined ? null : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: requestFields,
    },
    sink,
  );
  return {
    signIn: ({ durationMs, ...event }, count) =>
      logger.info({
        event: 'sign-in',
        ...event,
        ...(durationMs === undefined ? {} : { duration_ms: Math.round(durationMs) }),
        ...(count === undefined ? {} : { count }),
      }),
    failure: (failure) => logger.error({ event: 'failure', ...describe(failure) }),
    info: (event, facts = {}) => logger.info({ event, ...facts }),
    warn: (event, facts = {}) => logger.warn({ event, ...facts }),
    error: (event, facts = {}) => logger.error({ event, ...facts }),
  };
}

function describe(failure: unknown): Record<string, string> {
  if (!(failure instanceof Error)) return { failure: typeof failure };
  const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : undefined;
  const cause = failure.cause instanceof Error ? describe(failure.cause) : undefined;
  const place = placeOf(failure);
  // One word of a closed form, such as NOPERM.
  const reason = failure instanceof StoreUnavailable ? failure.reason : undefined;
  return {
    failure: failure.name,
    ...(code === undefined ? {} : { code }),
    ...(place === undefined ? {} : { place }),
    ...(cause === undefined ? {} : { cause: [cause['failure'], cause['code'] ?? reason].filter(Boolean).join(' ') }),
  };
}

/** The first line of the bridge's own code in the stack. The stack also contains the message, which is removed. */
const placeOf = ({ stack = '', message }: Error): string | undefined => findSourcePlace(stack.replace(message, ''));

const own = /(?:^|\/)((?:src|sandbox)\/[\w./-]+)$/;
const isLibrary = (file: string) => file.includes('/node_modules/');

/**
 * The source location of an error: file and line. Locations in the build are mapped by its source map, which is loaded
 * on first use.
 * @param stack without the error's message, which may contain anything
 * @returns `src/roster/publish.ts:12`, of the first frame of the bridge's own code
 */
export function findSourcePlace(stack: string): string | undefined {
  for (const [, file = '', line, column] of stack.matchAll(/^\s+at .*?([^\s(]+):(\d+):(\d+)\)?$/gm)) {
    if (isLibrary(file)) continue;
    const source = toSource(file, Number(line), Number(column));
    const name = isLibrary(source.file) ? undefined : own.exec(source.file)?.[1];
    if (name !== undefined) return `${name}:${source.line}`;
  }
  return undefined;
}

function toSource(file: string, line: number, column: number) {
  // Frames count from 1, maps from 0.
  const entry = file.startsWith('file:') ? mapOf(file)?.findEntry(line - 1, column - 1) : undefined;
  return isFound(entry) ? { file: entry.originalSource, line: entry.originalLine + 1 } : { file, line };
}

const isFound = (entry: SourceMapping | object | undefined): entry is SourceMapping =>
  entry !== undefined && 'originalSource' in entry;

const mapOf = remember(256, (file) => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')));
  } catch {
    // Without the map, the location in the build.
    return undefined;
  }
});

/** Milliseconds. */
const lineEveryMs = 10_000;

/**
 * One line for many refused requests: a flood of requests must not become a flood of lines.
 * @param write receives a refusal and the number of refusals since its last line
 * @param clock monotonic milliseconds
 * @param nameOf groups refusals into lines; its names must be a closed set
 */
export function createLimitedLog<Refused>(
  write: (refused: Refused, count: number) => void,
  {
    clock = () => performance.now(),
    nameOf = String,
  }: { clock?: () => number; nameOf?: (refused: Refused) => string } = {},
): (refused: Refused) => void {
  const lines = new Map<string, { reportedAt: number; count: number }>();
  return (refused) => {
    const name = nameOf(refused);
    const known = lines.get(name) ?? { reportedAt: Number.NEGATIVE_INFINITY, count: 0 };
    lines.set(name, known);
    known.count += 1;
    if (clock() - known.reportedAt < lineEveryMs) return;
    write(refused, known.count);
    known.reportedAt = clock();
    known.count = 0;
  };
}
