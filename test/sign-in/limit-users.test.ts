// Who Clever vouched for too often in a minute is refused before anything of the store is asked.
import { limitUsers } from '../../src/sign-in/limit-users.ts';
import { opening } from './decider.ts';

it.each([
  ['nobody', [], 'district_not_linked', ['person d1 p1', 'district d1']],
  ['the person', ['person'], 'rate_limited', ['person d1 p1']],
  ['the district', ['district'], 'rate_limited', ['person d1 p1', 'district d1']],
])('with %s over the limit', async (_, over: readonly string[], code, counted) => {
  const asked: string[] = [];
  const decide = limitUsers(async () => ({ kind: 'refused', code: 'district_not_linked' }), {
    count: async (rule, key) => {
      asked.push(`${rule} ${key}`);
      return over.includes(rule) ? 60 : undefined;
    },
  });
  expect(await decide({ sub: 'p1', district: 'd1' }, opening)).toEqual({ kind: 'refused', code });
  expect(asked).toEqual(counted);
});
