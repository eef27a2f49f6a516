// Reads a small JSON body of a request.
import { json, type Request, type Response } from 'express';

const parseJson = json({ limit: '16kb', strict: true });

/** Undefined if it is invalid or too large: the caller's validation then reports what is missing. */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  const failure = await new Promise<unknown>((resolve) => void parseJson(request, response, resolve));
  return failure === undefined ? request.body : undefined;
}
