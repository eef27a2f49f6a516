import { remember } from '../../src/store/remember.ts';

function counted(most: number) {
  const made: string[] = [];
  const of = remember(most, (text) => {
    made.push(text);
    return text.length;
  });
  return { made, of };
}

it('makes nothing twice of the same text', () => {
  const { made, of } = counted(10);
  expect([of('one'), of('four'), of('one')]).toEqual([3, 4, 3]);
  expect(made).toEqual(['one', 'four']);
});

it('begins afresh where it would hold too many, and still answers right', () => {
  const { made, of } = counted(2);
  expect(['a', 'b', 'cc', 'cc', 'a'].map(of)).toEqual([1, 1, 2, 2, 1]);
  expect(made).toEqual(['a', 'b', 'cc', 'a']);
});
