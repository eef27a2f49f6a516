// The token endpoint takes the client's credentials in the body too (RFC 6749 section 2.3.1, `client_secret_post`), and the
// body as JSON: clients of Clever's send it in both ways. Written anew as the form with a Basic header that
// oidc-provider's clients are registered for.
import { IncomingMessage, type ServerResponse } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

const parsers = [express.urlencoded({ extended: false }), express.json()];

/** @param handle oidc-provider's own handler */
export const acceptClientPost = (handle: Handle): readonly RequestHandler[] => [
  ...parsers.map(
    (parse): RequestHandler =>
      (req, res, next) =>
        isFormWithBasic(req) ? next() : parse(req, res, next),
  ),
  (req, res, next) => {
    if (isFormWithBasic(req)) return next();
    void handle(asFormWithBasic(req), res);
  },
];

class FormRequest extends IncomingMessage {
  /** Its end is not the end of the socket, on which the answer is sent. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    callback(error);
  }
}

/** A request of its own, whose body is still to be read: of one that was read already oidc-provider warns. */
function asFormWithBasic(req: Request): IncomingMessage {
  const { client_secret: secret, ...body }: Record<string, unknown> = Object(req.body);
  const { client_id: id } = body;
  const form = new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])).toString();
  const again = new FormRequest(req.socket);
  Object.assign(again, { method: req.method, url: req.originalUrl });
  again.headers = {
    ...req.headers,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(form)),
  };
  if (again.headers.authorization === undefined && typeof id === 'string' && typeof secret === 'string') {
    const pair = [id, secret].map(encodeURIComponent).join(':');
    again.headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  again.push(form);
  again.push(null);
  return again;
}

const isFormWithBasic: (req: { readonly headers: NodeJS.Dict<string | string[]> }) => boolean = ({ headers }) =>
  headers['authorization'] !== undefined && !/json/.test(String(headers['content-type']));
