// The token endpoint takes the client's credentials in the body too (RFC 6749 section 2.3.1, `client_secret_post`), and the
// body as JSON: clients of Clever's send it in both ways. Written anew as the form with a Basic header that
// oidc-provider's clients are registered for.
import express, { type RequestHandler } from 'express';

const parsers = [express.urlencoded({ extended: false }), express.json()];

export const acceptClientPost: readonly RequestHandler[] = [
  ...parsers.map(
    (parse): RequestHandler =>
      (req, res, next) =>
        isFormWithBasic(req) ? next() : parse(req, res, next),
  ),
  (req, _res, next) => {
    if (isFormWithBasic(req)) return next();
    const { client_secret: secret, ...body }: Record<string, unknown> = Object(req.body);
    req.body = body;
    req.headers['content-type'] = 'application/x-www-form-urlencoded';
    const { client_id: id } = body;
    if (req.headers.authorization === undefined && typeof id === 'string' && typeof secret === 'string') {
      const pair = [id, secret].map(encodeURIComponent).join(':');
      req.headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    next();
  },
];

const isFormWithBasic: (req: { readonly headers: NodeJS.Dict<string | string[]> }) => boolean = ({ headers }) =>
  headers['authorization'] !== undefined && !/json/.test(String(headers['content-type']));
