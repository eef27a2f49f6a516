// The message to the party that can fix the problem: in English for the district, and in the page's language. One press
// selects it whole. Contains the visitor's own data only.
import { type Language, texts } from '../../outcome/languages.ts';
import type { Refused } from '../../outcome/outcome.ts';
import { outcomeCodes } from '../../outcome/outcome-codes.ts';
import { showReference } from '../../outcome/reference.ts';
import { type WrittenMessage, writeMessage } from '../../outcome/refusal-texts.ts';
import { emailIn } from './contact.tsx';
import { copyScript } from './copy-script.ts';
import type { Frame } from './frame.ts';
import { untranslated } from './untranslated.ts';

interface MessageProps {
  readonly refused: Refused;
  readonly frame: Frame;
}

export function Message({ refused, frame }: MessageProps) {
  const { refusal } = texts[frame.language].pages;
  const english = writeMessage(refused, 'en', frame.now);
  const own = frame.language === 'en' ? undefined : writeMessage(refused, frame.language, frame.now);
  if (english === undefined) return null;
  return (
    <>
      <blockquote class="message" aria-label={refusal.message} data-copy={refusal.copy} data-copied={refusal.copied}>
        <Lines message={english} language="en" />
        {own && <Lines message={own} language={frame.language} />}
      </blockquote>
      <p class="send">
        <a class="button second" href={emailOf(refused, english, frame.contact)}>
          {refusal.writeEmail}
        </a>
      </p>
      <script dangerouslySetInnerHTML={{ __html: copyScript }} />
    </>
  );
}

function Lines({ message, language }: { readonly message: WrittenMessage; readonly language: Language }) {
  const { tag, direction } = texts[language];
  return (
    <div lang={tag} dir={direction}>
      <p>{message.text}</p>
      {message.facts.map(({ label, value, isCode }) => (
        <p key={label}>
          {label}: <bdi {...(isCode ? untranslated : {})}>{value}</bdi>
        </p>
      ))}
    </div>
  );
}

/** RFC 6068. To support if support must act; otherwise the visitor fills in the recipient. */
function emailOf({ code, reference }: Refused, { text, facts }: WrittenMessage, contact: string | undefined): string {
  const to = outcomeCodes[code].owner === 'summit' ? (emailIn(contact) ?? '') : '';
  const subject = `Summit K12: a sign-in did not work${reference === undefined ? '' : ` (${showReference(reference)})`}`;
  const body = [text, '', ...facts.map(({ label, value }) => `${label}: ${value}`)].join('\r\n');
  return `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}
