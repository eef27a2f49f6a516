// The small body of a request, as a form or as JSON, with limits on its size and time.

import { json, type Request, type RequestHandler, type Response, urlencoded } from 'express';
import * as z from 'zod';
import { readReason, reasonRule } from '../../audit/reason.ts';

const parseForm = urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 });

/** A field sent twice is a list. An invalid or too large body is an empty form. */
export async function readForm(request: Request, response: Response): Promise<Readonly<Record<string, unknown>>> {
  const failure = await new Promise<unknown>((resolve) => void parseForm(request, response, resolve));
  const { body } = request;
  return failure === undefined && typeof body === 'object' && body !== null ? body : {};
}

const parseJson = json({ limit: '16kb', strict: true });

/** Undefined if it is invalid or too large: the caller's validation then reports what is missing. */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  const failure = await new Promise<unknown>((resolve) => void parseJson(request, response, resolve));
  return failure === undefined ? request.body : undefined;
}

/** The reason in a JSON body. */
export const reasonShape = z.string().transform((text, context) => {
  const reason = readReason(text);
  if (reason !== undefined) return reason;
  context.addIssue({ code: 'custom', message: `reason ${reasonRule}` });
  return z.NEVER;
});

const deadlineMs = 30_000;

/**
 * Time limit for a body: a slow body occupies a connection. Rosters may take as long as the server allows any request,
 * but only with a valid credential.
 */
export interface BodyDeadline {
  readonly start: RequestHandler;
  /** Removes the deadline of this request. */
  lift(request: Request): void;
}

export function createBodyDeadline(ms = deadlineMs): BodyDeadline {
  const timers = new WeakMap<Request, NodeJS.Timeout>();
  const lift = (request: Request) => clearTimeout(timers.get(request));
  return {
    start: (request, _response, next) => {
      if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined) {
        // After an early response, a disconnecting client causes no event; the timer must not keep the process alive.
        timers.set(request, setTimeout(() => request.destroy(), ms).unref());
        request.once('end', () => lift(request)).once('close', () => lift(request));
      }
      next();
    },
    lift,
  };
}
