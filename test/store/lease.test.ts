import { once } from 'node:events';
import { takeLease } from '../../src/store/lease.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';

const at = { partition: 'tests', id: 'lease' };
const times = { ttlSeconds: 0.3, renewEverySeconds: 0.02 };

/** Takes the first put, and answers renewals and the return of the lease as given. */
const storeThat = (commit: Store['commit']): Pick<Store, 'put' | 'commit'> => ({ put: async () => true, commit });
const silent = () => Promise.reject(new StoreUnavailable(new Error('silent')));

describe('a lease', () => {
  it('is not taken while another server has it', async () => {
    expect(await takeLease({ put: async () => false, commit: async () => true }, at, times)).toBeUndefined();
  });

  it('is lost when another server has it, with the reason given', async () => {
    const reason = new Error('lost');
    const lease = await takeLease(
      storeThat(async () => false),
      at,
      times,
      reason,
    );
    await once(lease?.signal ?? new EventTarget(), 'abort');
    expect(lease?.signal.reason).toBe(reason);
    await lease?.release();
  });

  it('is held while the store is silent, and no longer than its time to live', async () => {
    let asked = 0;
    const startedAt = performance.now();
    const lease = await takeLease(
      storeThat(() => {
        asked += 1;
        return silent();
      }),
      at,
      times,
    );
    await once(lease?.signal ?? new EventTarget(), 'abort');
    expect(asked).toBeGreaterThan(1);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(times.ttlSeconds * 1000);
    await lease?.release();
  });

  it('is given back without a failure where the store is silent', async () => {
    const lease = await takeLease(storeThat(silent), at, times);
    await expect(lease?.release()).resolves.toBeUndefined();
  });
});
