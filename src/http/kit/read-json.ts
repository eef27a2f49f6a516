// The JSON body of a request, small.
import { json, type Request, type Response } from 'express';

const parseJson = json({ limit: '16kb', strict: true });

/** Undefined for what is no JSON, or too much of it: the caller's rules then say what is missing. */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  const failure = await new Promise<unknown>((resolve) => void parseJson(request, response, resolve));
  return failure === undefined ? request.body : undefined;
}
