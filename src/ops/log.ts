// Structured logs: one JSON line per event, on standard output. Only named fields are written; no message of a library,
// no stack, nothing from a request.
import { pino } from 'pino';
import type { LogLevel } from '../config/config.ts';
import type { SignInEvent } from '../sign-in/sign-in-event.ts';
import { StoreUnavailable } from '../store/store.ts';
import { requestFields } from '../trace/request-context.ts';
import { findSourcePlace } from './source-place.ts';

export interface Log {
  /** @param count number of events that the line represents, if they share one */
  signIn(event: Omit<SignInEvent, 'isUnproven'>, count?: number): void;
  /** An unexpected failure, or a store that does not answer: its kind and location, never its message. */
  failure(failure: unknown): void;
  info(event: string, facts?: Readonly<Record<string, string | number | boolean>>): void;
  warn(event: string, facts?: Readonly<Record<string, string | number | boolean>>): void;
}

export interface ProcessLog extends Log {
  /** An error that keeps the server from running. */
  error(event: string, facts?: Readonly<Record<string, string | number | boolean>>): void;
}

export interface LogSink {
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
