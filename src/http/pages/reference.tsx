// A reference, large enough to read across a classroom, spelled out for screen readers.
import { showReference } from '../../outcome/reference.ts';
import { untranslated } from './untranslated.ts';

interface ReferenceProps {
  readonly reference: string;
  readonly label: string;
  readonly use: string;
}

export function Reference({ reference, label, use }: ReferenceProps) {
  return (
    <dl class="reference">
      <dt>{label}</dt>
      <dd>
        <span class="sign" dir="ltr" aria-hidden="true" {...untranslated}>
          {showReference(reference)}
        </span>
        <span class="spoken">{spellReference(reference)}</span>
      </dd>
      {use && <dd class="quiet">{use}</dd>}
    </dl>
  );
}

/** With separate characters, so that a screen reader spells it. */
const spellReference = (reference: string): string =>
  showReference(reference)
    .split('-')
    .map((group) => [...group].join(' '))
    .join(', ');
