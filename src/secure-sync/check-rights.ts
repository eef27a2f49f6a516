// Determines what the app may read of one district at Clever, by reading the first record of each list. Publishes and
// stores nothing.
import { type CleverDistrictState, type DataApi, DataApiFailure, type DataApiReason } from './ports.ts';
import type { SyncOption } from './snapshot.ts';

export type RightName = 'students' | 'teachers' | 'sections' | 'courses';

export type RightsFound =
  /** Clever knows the district and the app; `missing` are lists that the option needs and the app may not read. */
  | { readonly kind: 'connected'; readonly state: CleverDistrictState; readonly missing: readonly RightName[] }
  | { readonly kind: 'failed'; readonly reason: DataApiReason };

/** @param option undefined for a district whose roster does not come from Clever: only its connection is checked */
export async function checkRights(
  dataApi: DataApi,
  cleverDistrict: string,
  option: SyncOption | undefined,
  signal: AbortSignal,
): Promise<RightsFound> {
  const connection = dataApi.connect(cleverDistrict, signal);
  const lists = {
    students: () => connection.users('student'),
    teachers: () => connection.users('teacher'),
    sections: () => connection.sections(),
    courses: () => connection.courses(),
  } as const satisfies Record<RightName, () => AsyncIterable<unknown>>;
  try {
    const { state } = await connection.district();
    const missing: RightName[] = [];
    for (const name of neededBy(option)) if (!(await mayRead(lists[name]()))) missing.push(name);
    return { kind: 'connected', state, missing };
  } catch (failure) {
    if (failure instanceof DataApiFailure) return { kind: 'failed', reason: failure.reason };
    throw failure;
  }
}

function neededBy(option: SyncOption | undefined): readonly RightName[] {
  if (option === undefined) return [];
  return option === 'full' ? ['students', 'teachers', 'sections', 'courses'] : ['students'];
}

async function mayRead(list: AsyncIterable<unknown>): Promise<boolean> {
  try {
    // The first record, or none at all, is sufficient.
    for await (const _one of list) return true;
    return true;
  } catch (failure) {
    if (failure instanceof DataApiFailure && failure.reason === 'not-allowed') return false;
    throw failure;
  }
}
