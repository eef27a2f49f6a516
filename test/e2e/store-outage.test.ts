// The store falls silent and comes back: what people, programs and the operator see of it.
import { type House, isAtProduct, startHouse } from '../support/bridge.ts';
import { type Answer, bodyOf, problemAccept } from '../support/bridge-client.ts';
import { until } from '../support/bridge-process.ts';

const json = { accept: problemAccept };

describe('a Redis that is killed', () => {
  let house: House;
  beforeEach(async () => {
    house = await startHouse({ engine: 'redis' });
  });
  afterEach(() => house.stop());

  it('ends what needs it as service_unavailable with Retry-After, and all is well when it is back', async () => {
    const client = house.browser();
    await client.open(house.launchAddress('student'));
    const token = client.cookie('summit_session');
    const waiting = house.browser();
    const address = await house.toCallback(waiting, house.launchAddress('teacher'));
    await house.redis?.kill9();

    const [line, ...more] = await house.bridge.signInsDuring(async () => {
      const callback = await waiting.once(address, json);
      expect([callback.status, bodyOf(callback)['code'], bodyOf(callback)['owner']]).toEqual([
        503,
        'service_unavailable',
        'summit',
      ]);
      expect(callback.headers.get('retry-after')).toMatch(/^\d+$/);
    });
    expect([line, more]).toMatchObject([{ outcome: 'service_unavailable', app: 'summit-k12' }, []]);
    const page = await client.once(`${house.publicUrl}/`);
    expect([page.status, page.headers.get('retry-after') !== null]).toEqual([503, true]);
    const session = await client.once(`${house.publicUrl}/session`, json);
    expect([session.status, session.headers.get('retry-after') !== null]).toEqual([503, true]);
    // Starting needs nothing of the store, so the person meets Clever, not an error.
    expect((await house.browser().once(`${house.publicUrl}/login`)).status).toBe(302);
    const ready = await fetch(`${house.bridge.opsUrl}/readyz`);
    expect([ready.status, Object(await ready.json()).store]).toEqual([503, 'down']);
    expect((await fetch(`${house.bridge.opsUrl}/livez`)).status).toBe(200);

    await house.redis?.restart();
    const back = async () => (await fetch(`${house.bridge.opsUrl}/readyz`)).status === 200;
    await until(back, 'the bridge to be ready again');
    expect(isAtProduct(house, await waiting.open(address))).toBe(true);
    const still = await house
      .browser()
      .once(`${house.publicUrl}/session`, { headers: { authorization: `Bearer ${token}` } });
    expect(still.status).toBe(200);
  });

  it('between Clever’s answer and ours leaves the log line as the record of the attempt', async () => {
    const client = house.browser();
    const address = await house.toCallback(client, house.launchAddress('student'));
    house.clever.switches.set({ slow: { ms: 500, on: ['token'] } });
    let answer: Answer | undefined;
    const lines = await house.bridge.signInsDuring(async () => {
      const ending = client.once(address, json);
      await until(() => house.tokenRequests() > 0, 'the code to be on its way');
      await house.redis?.kill9();
      answer = await ending;
    });
    expect(answer?.status).toBe(503);
    const { code, reference } = bodyOf(answer ?? { body: '{}' });
    expect([code, reference]).toEqual(['service_unavailable', expect.stringMatching(/^\S{4}-\S{4}$/)]);
    expect(lines).toMatchObject([
      { outcome: 'service_unavailable', unrecorded: true, reference: String(reference).replace('-', '') },
    ]);
  });

  it('is told to who runs a command, with exit code 1', async () => {
    await house.redis?.kill9();
    const { exitCode, json: told } = await house.command('district', 'list');
    expect([exitCode, Object(told['error']).code]).toEqual([1, 'service_unavailable']);
  });
});
