// How many different people came, in a bounded space.
import { createHash } from 'node:crypto';
import { addPerson, closeSample, countPeopleSince, maxSampled, openSample } from '../../src/support/people-sample.ts';

const hash = (number: number) => createHash('sha256').update(`${number}`).digest('hex');
const isFirst = (last: number | undefined) => last === undefined;

describe('a sample of people', () => {
  it('counts each once, and those since a time', () => {
    const sample = openSample();
    const weights = [1, 2, 1, 3].map((person, index) => addPerson(sample, hash(person), 100 + index, isFirst));
    expect(weights).toEqual([1, 1, 0, 1]);
    const stored = closeSample(sample, 0);
    expect([100, 102, 103, 104].map((from) => countPeopleSince(stored, from))).toEqual([3, 2, 1, 0]);
  });

  it('keeps the newest time of a person, whatever the order', () => {
    const sample = openSample();
    for (const at of [200, 100]) addPerson(sample, hash(1), at, isFirst);
    expect(countPeopleSince(closeSample(sample, 0), 150)).toBe(1);
  });

  it('forgets who has not come for long', () => {
    const sample = openSample();
    for (const person of [1, 2]) addPerson(sample, hash(person), person, isFirst);
    expect(Object.keys(closeSample(sample, 2).seen)).toHaveLength(1);
  });

  it('of very many holds a bounded part and is right within a tenth', () => {
    const people = 50_000;
    const sample = openSample();
    let sum = 0;
    for (let person = 0; person < people; person += 1) sum += addPerson(sample, hash(person), 100, isFirst);
    const stored = closeSample(sample, 0);
    expect(Object.keys(stored.seen).length).toBeLessThanOrEqual(maxSampled);
    for (const counted of [sum, countPeopleSince(stored, 0)])
      expect(Math.abs(counted - people)).toBeLessThan(people / 10);
  });
});
