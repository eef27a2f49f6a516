// A query parameter that is true or false.
import type { Request } from 'express';
import { readProtocolParameters } from './protocol-parameters.ts';

/** False where it is not given; undefined for anything but one `true` or `false`. */
export function readFlag(request: Request, name: string): boolean | undefined {
  const given = readProtocolParameters(request, [name])?.get(name);
  if (given === undefined) return undefined;
  return given === null || given === 'false' ? false : given === 'true' ? true : undefined;
}
