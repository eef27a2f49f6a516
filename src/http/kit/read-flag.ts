// A boolean query parameter.
import type { Request } from 'express';
import { readProtocolParameters } from './protocol-parameters.ts';

/** False if absent; undefined for anything but a single `true` or `false`. */
export function readFlag(request: Request, name: string): boolean | undefined {
  const given = readProtocolParameters(request, [name])?.get(name);
  if (given === undefined) return undefined;
  return given === null || given === 'false' ? false : given === 'true' ? true : undefined;
}
