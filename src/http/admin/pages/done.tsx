// The result of the last action, at the top of the page that follows it.

import type { ComponentChildren } from 'preact';

/** The text of each value of `?done=`. */
export const doneTexts = {
  linked: 'The district is linked. Upload its first roster next.',
  changed: 'The settings are changed.',
  removed:
    'The district is removed, with everything that was kept of it. The audit log says how much that was, by whom and why.',
  revoked:
    'The credential is revoked: programs that use it are refused. It stays in the list, so that the audit log can name it.',
  'client-registered': 'The client is registered.',
  'client-changed': 'The client is changed. Every server goes by it within a second.',
  'client-rotated':
    'A new secret is made. The former one stays valid until the next is made: give the new one to the product.',
  'client-secret-alone': 'A new secret is made, and it is the only one that is valid: give it to the product now.',
  'client-removed': 'The client is removed: no one can sign in to that product through the bridge any more.',
  rotated: 'A next key is published. It signs in five minutes; no one is signed out, and there is nothing else to do.',
  replaced: 'Every key is replaced, and every session has ended. People sign in again from the Clever portal.',
} as const;

export type DoneWord = keyof typeof doneTexts;

interface DoneProps {
  readonly done: DoneWord | undefined;
  readonly children?: ComponentChildren;
}

export const Done = ({ done, children }: DoneProps) =>
  done === undefined ? null : (
    <p class="note" role="status">
      <strong>Done.</strong> {doneTexts[done]} {children}
    </p>
  );
