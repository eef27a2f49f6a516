// Makes or changes a district because somebody says so. A district that is linked to another Clever district has let other
// people in so far: their sessions end.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CleverDistrictTaken, District, DistrictPut, Districts } from '../roster/district.ts';
import type { EndSessionsBecause } from './end-sessions-because.ts';

/** @param by as in the trail */
export type PutDistrict = (district: District, by: string) => Promise<DistrictPut | CleverDistrictTaken>;

export interface PutDistrictNeeds {
  readonly districts: Pick<Districts, 'put'>;
  readonly endSessionsBecause: EndSessionsBecause;
  /** Servers go by what they last read of a district for less than this. Milliseconds. */
  readonly settleMs?: number;
}

/** Links stay: whoever of the former Clever district is linked to an account shows as `identity_changed`, to be released. */
export function createPutDistrict({ districts, endSessionsBecause, settleMs = 1_000 }: PutDistrictNeeds): PutDistrict {
  return async (district, by) => {
    const result = await districts.put(district);
    if (result.kind === 'refused' || !result.isRelinked) return result;
    // A server that still goes by the former link may open a session until then.
    await sleep(settleMs);
    await endSessionsBecause(district.id, undefined, { by, reason: 'linked to another Clever district' });
    return result;
  };
}
