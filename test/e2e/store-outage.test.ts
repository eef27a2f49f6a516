// The store falls silent and comes back: what people, programs and the operator see of it.
import { readReference } from '../../src/outcome/reference.ts';
import { type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { type Answer, bodyOf, problemAccept } from '../helpers/bridge-client.ts';
import { until } from '../helpers/bridge-process.ts';

const json = { accept: problemAccept };

describe('a Redis that is killed', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await startFixture({ engine: 'redis' });
  });
  afterEach(() => fixture.stop());

  it('ends what needs it as service_unavailable with Retry-After, and all is well when it is back', async () => {
    const client = fixture.browser();
    await client.open(fixture.launchAddress('student'));
    const token = client.cookie('summit_session');
    const waiting = fixture.browser();
    const address = await fixture.toCallback(waiting, fixture.launchAddress('teacher'));
    await fixture.redis?.kill9();

    const [line, ...more] = await fixture.bridge.signInsDuring(async () => {
      const callback = await waiting.once(address, json);
      expect([callback.status, bodyOf(callback)['code'], bodyOf(callback)['owner']]).toEqual([
        503,
        'service_unavailable',
        'summit',
      ]);
      expect(callback.headers.get('retry-after')).toMatch(/^\d+$/);
    });
    expect([line, more]).toMatchObject([{ outcome: 'service_unavailable', app: 'summit-k12' }, []]);
    const page = await client.once(`${fixture.publicUrl}/`);
    expect([page.status, page.headers.get('retry-after') !== null]).toEqual([503, true]);
    const session = await client.once(`${fixture.publicUrl}/session`, json);
    expect([session.status, session.headers.get('retry-after') !== null]).toEqual([503, true]);
    // Starting needs nothing of the store, so the person meets Clever, not an error.
    expect((await fixture.browser().once(`${fixture.publicUrl}/login`)).status).toBe(302);
    const ready = await fetch(`${fixture.bridge.opsUrl}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { store: 'silent', cause: 'ECONNREFUSED' }]);
    expect((await fetch(`${fixture.bridge.opsUrl}/livez`)).status).toBe(200);

    await fixture.redis?.restart();
    const back = async () => (await fetch(`${fixture.bridge.opsUrl}/readyz`)).status === 200;
    await until(back, 'the bridge to be ready again');
    expect(isAtProduct(fixture, await waiting.open(address))).toBe(true);
    const still = await fixture
      .browser()
      .once(`${fixture.publicUrl}/session`, { headers: { authorization: `Bearer ${token}` } });
    expect(still.status).toBe(200);
  });

  it('between Clever’s answer and ours leaves the log line as the record of the attempt', async () => {
    const client = fixture.browser();
    const address = await fixture.toCallback(client, fixture.launchAddress('student'));
    fixture.clever.switches.set({ slow: { ms: 500, on: ['token'] } });
    let answer: Answer | undefined;
    const lines = await fixture.bridge.signInsDuring(async () => {
      const ending = client.once(address, json);
      await until(() => fixture.tokenRequests() > 0, 'the code to be on its way');
      await fixture.redis?.kill9();
      answer = await ending;
    });
    expect(answer?.status).toBe(503);
    const { code, reference } = bodyOf(answer ?? { body: '{}' });
    expect([code, reference]).toEqual(['service_unavailable', expect.stringMatching(/^\S{4}-\S{4}-\S$/)]);
    expect(lines).toMatchObject([
      { outcome: 'service_unavailable', unrecorded: true, reference: readReference(String(reference)) },
    ]);
  });

  it('is reported by a command, with exit code 1', async () => {
    await fixture.redis?.kill9();
    const { exitCode, json: document } = await fixture.command('district', 'list');
    expect([exitCode, Object(document['error']).code]).toEqual([1, 'service_unavailable']);
  });
});
