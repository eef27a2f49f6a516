// When Clever is not called any more, and when again: contract section 7.
import { createBreaker } from '../../src/clever/breaker.ts';
import { until } from '../helpers/bridge-process.ts';
import { type FakeClever, startFakeClever } from './support/fake-clever.ts';
import { type Bench, exchange, openBench } from './support/sign-in.ts';

describe('createBreaker', () => {
  let now: number;
  let changes: string[];
  let breaker: ReturnType<typeof createBreaker>;

  beforeEach(() => {
    now = 1_000_000;
    changes = [];
    breaker = createBreaker(
      () => now,
      (state) => changes.push(state),
    );
  });
  const fail = (times: number, everyMs = 0) => {
    for (let i = 0; i < times; i += 1) {
      breaker.report('failed');
      now += everyMs;
    }
  };
  const answer = (times: number) => {
    for (let i = 0; i < times; i += 1) breaker.report('answered');
  };

  it('stays closed after 19 failures', () => {
    fail(19);
    expect(breaker.admit()).toBe(true);
  });

  it('opens at the twentieth', () => {
    fail(20);
    expect(breaker.admit()).toBe(false);
    expect(changes).toEqual(['open']);
  });

  it('stays closed when 20 failures take longer than 10 s', () => {
    fail(40, 530);
    expect(breaker.admit()).toBe(true);
  });

  it('stays closed while more than half of the latest calls are answered', () => {
    for (let i = 0; i < 500; i += 1) {
      fail(1);
      answer(2);
    }
    expect(changes).toEqual([]);
  });

  it('opens when half of the latest calls fail', () => {
    for (let i = 0; i < 20; i += 1) {
      answer(1);
      fail(1);
    }
    expect(changes).toEqual(['open']);
  });

  it('admits one call a second while open, though the one before still hangs', () => {
    fail(20);
    now += 999;
    expect(breaker.admit()).toBe(false);
    now += 1;
    expect([breaker.admit(), breaker.admit()]).toEqual([true, false]);
    now += 1_000;
    expect([breaker.admit(), breaker.admit()]).toEqual([true, false]);
  });

  it('stays open when the probe fails', () => {
    fail(20);
    now += 1_000;
    breaker.admit();
    fail(1);
    expect(breaker.admit()).toBe(false);
  });

  it('closes with the first answer, and counts from nothing again', () => {
    fail(20);
    now += 1_000;
    breaker.admit();
    answer(1);
    fail(19);
    expect(breaker.admit()).toBe(true);
    expect(changes).toEqual(['open', 'closed']);
  });
});

describe('a sign-in while Clever is down', () => {
  let clever: FakeClever;
  let bench: Bench;

  beforeEach(async () => {
    clever = await startFakeClever();
    bench = openBench(clever);
  });
  afterEach(async () => {
    await bench.provider.close();
    await clever.close();
  });
  const open = { kind: 'refused', code: 'clever_unavailable', reason: 'breaker-open' };
  const breakDown = async (status = 500) => {
    clever.answer('token', (_, response) => response.writeHead(status).end());
    for (let i = 0; i < 20; i += 1) await exchange(bench.provider);
  };

  it('is refused at once after 20 failures, without a call', async () => {
    await breakDown();
    expect(await exchange(bench.provider)).toEqual(open);
    expect(clever.count('token')).toBe(20);
    expect(bench.provider.health()).toBe('down');
  });

  it('can begin all the same: the authorize address needs no call', async () => {
    await breakDown();
    expect(await bench.provider.authorizationUrl('summit-k12', bench.provider.createChecks('s'))).toBeInstanceOf(URL);
  });

  it('is let through once a second, and all are when it succeeds', async () => {
    await breakDown();
    bench.forward(1_000);
    expect(await Promise.all([exchange(bench.provider), exchange(bench.provider)])).toContainEqual(open);
    expect(clever.count('token')).toBe(21);
    clever.answer('token', undefined);
    await clever.expect('NONCE-1');
    bench.forward(1_000);
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'verified' });
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'verified' });
    expect(bench.events.filter(({ kind }) => kind === 'breaker')).toEqual([
      { kind: 'breaker', state: 'open' },
      { kind: 'breaker', state: 'closed' },
    ]);
  });

  it('does not wait for a probe that hangs', async () => {
    await breakDown();
    let isHeard = false;
    let answerProbe = () => {};
    clever.answer('token', (_, response) => {
      isHeard = true;
      answerProbe = () => void response.writeHead(500).end();
    });
    bench.forward(1_000);
    const probe = exchange(bench.provider);
    await until(() => isHeard, 'the probe to be asked');
    expect(await exchange(bench.provider)).toEqual(open);
    answerProbe();
    expect(await probe).toMatchObject({ reason: 'status-5xx' });
  });

  it.each([400, 401, 403, 404])('is not hastened by refusals: %d does not count', async (status) => {
    await breakDown(status);
    await exchange(bench.provider);
    expect(clever.count('token')).toBe(21);
  });

  it('is not hastened by bad tokens', async () => {
    clever.giveIdToken('nonsense');
    for (let i = 0; i < 30; i += 1) await exchange(bench.provider);
    expect(clever.count('token')).toBe(30);
  });
});
