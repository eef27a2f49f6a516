// The public side of the bridge, assembled: headers, limits, routes, and the one place where a failure becomes an answer.
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import helmet from 'helmet';
import type { Tracer } from '../trace/span.ts';
import { collapseSlashes } from './kit/collapse-slashes.ts';
import { createKeepLanguage } from './kit/language.ts';
import { createOtherMethods } from './kit/other-methods.ts';
import { createRequestContext } from './kit/request-context.ts';
import { supportContact } from './kit/send-page.ts';
import { sendInternalError, sendMethodNotAllowed, sendNotFound, sendRefusal } from './kit/send-refusal.ts';
import { contentSecurityPolicy } from './pages/style.ts';

export interface AppNeeds {
  readonly routers: readonly Router[];
  /** Where traces are exported. */
  readonly tracer?: Tracer | undefined;
  /** Sees every request and its answer, and changes neither. */
  readonly watch?: express.RequestHandler;
  /** Counts and, beyond the limit, answers; absent when LIMITS is off. */
  readonly limit?: express.RequestHandler | undefined;
  /** Ends requests whose body does not come. */
  readonly bodyDeadline?: express.RequestHandler;
  readonly trustProxy?: boolean | number | string | undefined;
  readonly https: boolean;
  /** The host is the bridge's alone, with whatever is below it; not the domain of a whole organisation. */
  readonly isOwnHost?: boolean;
  /** Shown on pages: whom a visitor can reach, and how. */
  readonly supportContact?: string | undefined;
  /** Called for every unforeseen failure. */
  readonly onFailure: (failure: unknown) => void;
  /** Whether a failure means that the store does not answer. */
  readonly isStoreSilent: (failure: unknown) => boolean;
}

export function createApp({
  routers,
  tracer,
  watch,
  limit,
  bodyDeadline,
  trustProxy,
  https,
  isOwnHost = false,
  supportContact: contact,
  onFailure,
  isStoreSilent,
}: AppNeeds): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false).set('case sensitive routing', true);
  if (trustProxy !== undefined) app.set('trust proxy', trustProxy);
  app.set(supportContact, contact);
  app.use(createRequestContext(tracer));
  if (watch !== undefined) app.use(watch);
  app.use(
    helmet({
      contentSecurityPolicy,
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: isOwnHost } : false,
      xFrameOptions: { action: 'deny' },
    }),
  );
  app.use(withoutConditions);
  app.use(createKeepLanguage(https));
  if (bodyDeadline !== undefined) app.use(bodyDeadline);
  if (limit !== undefined) app.use(limit);
  app.use(collapseSlashes);
  for (const router of routers) app.use(router);
  app.use(createOtherMethods(routers, sendMethodNotAllowed));
  app.use((request, response) => sendNotFound(request, response));
  app.use(createFailureHandler(onFailure, isStoreSilent));
  return app;
}

/** No answer has a validator, so none is "not modified"; Express would say so of any page to `If-None-Match: *`. */
const withoutConditions: express.RequestHandler = (request, _response, next) => {
  delete request.headers['if-none-match'];
  delete request.headers['if-modified-since'];
  next();
};

function createFailureHandler(
  onFailure: AppNeeds['onFailure'],
  isStoreSilent: AppNeeds['isStoreSilent'],
): ErrorRequestHandler {
  return (failure, request, response, next) => {
    if (response.headersSent) return next(failure);
    if (isStoreSilent(failure)) {
      onFailure(failure);
      return sendRefusal(request, response, { kind: 'refused', code: 'service_unavailable', audience: 'unknown' });
    }
    // body-parser and the router name client errors by status (http-errors): bad encoding, a body too large.
    if (isClientError(failure))
      return sendRefusal(request, response, { kind: 'refused', code: 'malformed_request', audience: 'unknown' });
    onFailure(failure);
    return sendInternalError(request, response);
  };
}

const isClientError = (failure: unknown): boolean =>
  typeof failure === 'object' &&
  failure !== null &&
  'status' in failure &&
  typeof failure.status === 'number' &&
  failure.status >= 400 &&
  failure.status < 500;
