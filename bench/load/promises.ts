// The numbers that others may count on, with the limits on: sixty sign-ins a minute of one browser, six hundred of one
// address, thirty students of one school in a minute.
import { randomUUID } from 'node:crypto';
import { type SignInOptions, sideBySide } from '../drive-sign-ins.ts';
import type { LoadFixture } from './load-fixture.ts';
import { comerOf } from './people.ts';

/** How many of each got in. */
export interface Promises {
  readonly browser: string;
  readonly address: string;
  readonly school: string;
}

const minuteMs = 60_000;

export async function keepPromises(fixture: LoadFixture): Promise<Promises> {
  return {
    school: await signIn(fixture, 30, { address: '10.1.0.1' }, 30),
    browser: await signIn(fixture, 60, { address: '10.1.0.2', browser: randomUUID() }, 1),
    address: await signIn(fixture, 600, { address: '10.1.0.3' }, 16),
  };
}

async function signIn(
  fixture: LoadFixture,
  count: number,
  options: SignInOptions,
  concurrency: number,
): Promise<string> {
  const before = performance.now();
  const got: number[] = [];
  await sideBySide(Array(count).keys(), concurrency, async (one) => {
    const { student } = comerOf(20 * one + 5, 0);
    const { outcome } = await fixture.driver.signIn(student, { from: 'portal', ...options });
    if (outcome === 'signed-in' && performance.now() - before < minuteMs) got.push(one);
  });
  return `${got.length} of ${count}`;
}
