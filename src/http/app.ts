// The public HTTP app: headers, limits, routes, and the single error handler.
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import helmet from 'helmet';
import type { Tracer } from '../trace/span.ts';
import { createKeepLanguage } from './kit/language.ts';
import { carryContext, createRequestContext, inRequestOf, resumeContext } from './kit/request-context.ts';
import { collapseSlashes, createOtherMethods } from './kit/router.ts';
import { supportContact } from './kit/send-page.ts';
import { sendInternalError, sendMethodNotAllowed, sendNotFound, sendRefusal } from './kit/send-refusal.ts';
import { contentSecurityPolicy } from './pages/style.ts';

interface AppNeeds {
  /**
   * Sign-in, session checks and the OpenID provider. They resume the request's context where they log: docs/adr/0055.
   */
  readonly routers: readonly Router[];
  /** All other routes. */
  readonly rareRouters?: readonly Router[];
  /** If traces are exported. */
  readonly tracer?: Tracer | undefined;
  /** Observes every request and its response; changes neither. */
  readonly watch?: express.RequestHandler;
  /** Counts requests and responds to those over the limit; absent when LIMITS is off. */
  readonly limit?: express.RequestHandler | undefined;
  /** Aborts requests whose body does not arrive. */
  readonly bodyDeadline?: express.RequestHandler;
  readonly trustProxy?: boolean | number | string | undefined;
  readonly https: boolean;
  /** The host and its subdomains belong to the bridge; not the domain of a whole organisation. */
  readonly isOwnHost?: boolean;
  /** Shown on pages: how visitors reach support. */
  readonly supportContact?: string | undefined;
  /** Called for every unexpected failure. */
  readonly onFailure: (failure: unknown) => void;
  /** Whether an error means that the store does not answer. */
  readonly isStoreSilent: (failure: unknown) => boolean;
}

export function createApp({
  routers,
  rareRouters = [],
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
  if (limit !== undefined) app.use(limit, resumeContext);
  app.use(collapseSlashes);
  for (const router of routers) app.use(router);
  if (rareRouters.length > 0) app.use(carryContext);
  for (const router of rareRouters) app.use(router);
  app.use(createOtherMethods([...routers, ...rareRouters], sendMethodNotAllowed));
  app.use((request, response) => sendNotFound(request, response));
  app.use(createFailureHandler(onFailure, isStoreSilent));
  return app;
}

/**
 * No response has a validator, so none can be "not modified"; Express would return 304 for any page with
 * `If-None-Match: *`.
 */
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
      inRequestOf(response, () => onFailure(failure));
      return sendRefusal(request, response, { kind: 'refused', code: 'service_unavailable', audience: 'unknown' });
    }
    // body-parser and the router report client errors by status (http-errors): bad encoding, a body too large.
    if (isClientError(failure))
      return sendRefusal(request, response, { kind: 'refused', code: 'malformed_request', audience: 'unknown' });
    inRequestOf(response, () => onFailure(failure));
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
