// What to send to the one who can fix it: one press selects it whole. About the visitor alone.
import type { Refused } from '../../sign-in/outcome.ts';
import { showReference } from '../../support/reference.ts';
import type { Language } from '../language.ts';
import { type Message as MessageTexts, problemTexts } from '../problem-texts.ts';
import { pageTexts } from './page-texts.ts';
import { untranslated } from './untranslated.ts';

interface MessageProps {
  readonly refused: Refused;
  readonly texts: MessageTexts;
  readonly language: Language;
}

export function Message({ refused, texts, language }: MessageProps) {
  const { refusal } = pageTexts[language];
  const { reference, difference, maskedEmail } = refused;
  return (
    <blockquote class="message">
      <p>
        {refusal.messageOpening} {texts.what}
        {difference && ` ${problemTexts[language].differences[difference].employee}`} {texts.ask}
      </p>
      {maskedEmail && (
        <p>
          {refusal.messageAddress}: <span {...untranslated}>{maskedEmail}</span>
        </p>
      )}
      {reference && (
        <p>
          {refusal.reference.employee}: <span {...untranslated}>{showReference(reference)}</span>
        </p>
      )}
    </blockquote>
  );
}
