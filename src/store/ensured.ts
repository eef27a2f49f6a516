// Ensured rows of a commit: written if absent, accepted if the same value exists, such as a link at every sign-in. An
// engine does each in one step: the value is sent once, and nothing is written if it exists.
import type { Address, Condition, Write } from './store.ts';

export interface Ensured {
  readonly at: Address;
  readonly value: Buffer;
}

interface CommitParts {
  readonly conditions: readonly Condition[];
  readonly ensured: readonly Ensured[];
  readonly writes: readonly Write[];
}

export function takeEnsured(conditions: readonly Condition[], writes: readonly Write[]): CommitParts {
  const done = new Set<Condition | Write>();
  const ensured: Ensured[] = [];
  for (const condition of conditions) {
    const [write, second] = writes.filter((one) => one.kind !== 'append' && isSame(one.at, condition.at));
    if (write?.kind !== 'put' || second !== undefined || !isAbsentOr(condition, write.value)) continue;
    ensured.push(write);
    done.add(condition).add(write);
  }
  const isLeft = (part: Condition | Write) => !done.has(part);
  return { conditions: conditions.filter(isLeft), ensured, writes: writes.filter(isLeft) };
}

/** Outside of a table the existing value may expire, and a write of the same value would extend it. */
function isAbsentOr({ at, oneOf }: Condition, value: Buffer): boolean {
  const [nothing, same, ...more] = oneOf;
  return at.table !== undefined && nothing === undefined && more.length === 0 && same?.equals(value) === true;
}

const isSame = (one: Address, other: Address): boolean =>
  one.id === other.id && one.table === other.table && one.partition === other.partition;
