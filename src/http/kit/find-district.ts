// The district of a route.
import type { Request, Response } from 'express';
import type { District } from '../../district/district.ts';
import { isDistrictId } from '../../district/read-district.ts';
import { sendApiProblem } from './api-response.ts';

export type FindDistrict = (id: string) => Promise<District | undefined>;

/** Responds 404 if there is none. */
export async function findDistrict(
  find: FindDistrict,
  request: Request,
  response: Response,
): Promise<District | undefined> {
  const id = idOf(request);
  const district = isDistrictId(id) ? await find(id) : undefined;
  if (district === undefined) sendApiProblem(response, 'district_unknown', 'No district of ours has this id.');
  return district;
}

export const idOf = ({ params }: Request): string => String(params['id'] ?? '');
