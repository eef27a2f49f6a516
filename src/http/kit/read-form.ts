// Reads a small form from the body of a request.
import { type Request, type Response, urlencoded } from 'express';

const parseForm = urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 });

/** A field sent twice is a list. An invalid or too large body is an empty form. */
export async function readForm(request: Request, response: Response): Promise<Readonly<Record<string, unknown>>> {
  const failure = await new Promise<unknown>((resolve) => void parseForm(request, response, resolve));
  const { body } = request;
  return failure === undefined && typeof body === 'object' && body !== null ? body : {};
}
