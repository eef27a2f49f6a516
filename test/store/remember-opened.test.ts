import { rememberOpened } from '../../src/store/remember-opened.ts';
import { createVault, SealBroken } from '../../src/store/vault.ts';

const vault = createVault(Buffer.alloc(32, 7));
const one = { partition: 'tests', id: 'one' };
const other = { partition: 'tests', table: 'rows', id: 'one' };

function counted(most: number) {
  let opened = 0;
  const open = rememberOpened(most, (at, sealed) => {
    opened += 1;
    return vault.open(at, sealed).toString();
  });
  return { open, opened: () => opened };
}

it('opens the same bytes at one address once', () => {
  const { open, opened } = counted(10);
  const sealed = vault.seal(one, 'first');
  expect([open(one, sealed), open(one, Buffer.from(sealed))]).toEqual(['first', 'first']);
  expect(opened()).toBe(1);
});

it('opens other bytes anew, also the former ones', () => {
  const { open, opened } = counted(10);
  const [first, second] = [vault.seal(one, 'first'), vault.seal(one, 'second')];
  expect([open(one, first), open(one, second), open(one, first)]).toEqual(['first', 'second', 'first']);
  expect(opened()).toBe(3);
});

it('does not take bytes that were opened at another address', () => {
  const { open } = counted(10);
  const sealed = vault.seal(one, 'first');
  open(one, sealed);
  expect(() => open(other, sealed)).toThrow(SealBroken);
});

it('keeps bytes of its own: a caller may use its buffer again', () => {
  const { open } = counted(10);
  const [buffer, changed] = [vault.seal(one, 'first'), vault.seal(one, 'other')];
  open(one, buffer);
  changed.copy(buffer);
  expect(open(one, buffer)).toBe('other');
});

it('keeps nothing that did not open', () => {
  const { open, opened } = counted(10);
  const sealed = vault.seal(other, 'first');
  for (const _ of [1, 2]) expect(() => open(one, sealed)).toThrow(SealBroken);
  expect(opened()).toBe(2);
});

it('begins afresh where it would hold too many', () => {
  const { open, opened } = counted(1);
  const [first, second] = [vault.seal(one, 'first'), vault.seal(other, 'second')];
  expect([open(one, first), open(other, second), open(one, first)]).toEqual(['first', 'second', 'first']);
  expect(opened()).toBe(3);
});
