// The page of a refused sign-in: a short one where the visitor may be a child; for an employee what to send and to
// which party. Shows the code's texts and the facts of a Refused that are meant for the visitor.

import type { Reader } from '../../outcome/language-texts.ts';
import { type Language, texts } from '../../outcome/languages.ts';
import type { Refused } from '../../outcome/outcome.ts';
import { outcomeCodes } from '../../outcome/outcome-codes.ts';
import { describeRefusal, joinSentences, pageReaderOf } from '../../outcome/refusal-texts.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { Message } from './message.tsx';
import { OwnerPicture } from './pictures.tsx';
import { Reference } from './reference.tsx';
import { SignInLink } from './sign-in-link.tsx';
import { untranslated } from './untranslated.ts';

export interface RefusalPageProps {
  readonly refused: Refused;
  readonly frame: Frame;
}

export function RefusalPage(props: RefusalPageProps) {
  const { refused, frame } = props;
  const reader = pageReaderOf(refused.audience);
  const { heading } = texts[frame.language].codes[refused.code][reader];
  return reader === 'child' ? (
    <Layout frame={frame} title={heading} reader="child">
      <ForChild {...props} />
    </Layout>
  ) : (
    <Layout frame={frame} title={heading}>
      <ForAdult {...props} />
    </Layout>
  );
}

function ForChild({ refused, frame }: RefusalPageProps) {
  const { codes, pages } = texts[frame.language];
  const { heading, steps } = codes[refused.code].child;
  const { refusal } = pages;
  const { owner } = outcomeCodes[refused.code];
  return (
    <>
      <OwnerPicture owner={owner} name={refusal.pictures[owner]} />
      <h1>{heading}</h1>
      <p class="what">
        {joinSentences(frame.language, [refusal.nothingWrong, describeRefusal(refused, frame.language, 'child')])}
      </p>
      <p class="what">{refusal.owners[owner].child}</p>
      <Steps steps={steps} />
      <Again refused={refused} reader="child" frame={frame} />
      <Sign refused={refused} reader="child" frame={frame} />
      <ForTeacher refused={refused} frame={frame} />
      <a class="plain" href="/signed-out">
        {refusal.notYou.child}
      </a>
    </>
  );
}

function ForAdult({ refused, frame }: RefusalPageProps) {
  const { codes, pages } = texts[frame.language];
  const { heading, steps } = codes[refused.code].adult;
  const { refusal } = pages;
  return (
    <>
      <h1>{heading}</h1>
      <p class="what">{describeRefusal(refused, frame.language, 'adult')}</p>
      <Facts refused={refused} label={refusal.address} language={frame.language} />
      <h2>{refusal.steps}</h2>
      <Steps steps={steps} />
      <Message refused={refused} frame={frame} />
      <Again refused={refused} reader="adult" frame={frame} />
      <Sign refused={refused} reader="adult" frame={frame} />
      {refused.maskedEmail && <p class="quiet">{refusal.notYou.adult}</p>}
    </>
  );
}

interface FactsProps {
  readonly refused: Refused;
  readonly label: string;
  readonly language: Language;
}

function Facts({ refused, label, language }: FactsProps) {
  const { refusal } = texts[language].pages;
  return (
    <dl>
      <dt>{refusal.whoCanFix}</dt>
      <dd>{refusal.owners[outcomeCodes[refused.code].owner].adult}</dd>
      {refused.maskedEmail && (
        <>
          <dt>{label}</dt>
          <dd>
            <bdi {...untranslated}>{refused.maskedEmail}</bdi>
          </dd>
        </>
      )}
    </dl>
  );
}

function Steps({ steps }: { readonly steps: readonly string[] }) {
  return steps.length === 1 ? (
    <p class="steps-only">{steps[0]}</p>
  ) : (
    <ol>
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}

interface ReaderProps extends RefusalPageProps {
  readonly reader: Reader;
}

/** Offered if another try today can succeed, and if starting over helps. A child's button has the words of the step. */
function Again({ refused, reader, frame }: ReaderProps) {
  const { owner, retryable, isForTomorrow } = outcomeCodes[refused.code];
  const { logIn, tryAgain } = texts[frame.language].pages;
  if (owner !== 'user' && (!retryable || isForTomorrow)) return null;
  return <SignInLink app={refused.app} label={owner === 'user' && reader === 'adult' ? logIn : tryAgain} />;
}

function Sign({ refused, reader, frame }: ReaderProps) {
  const { reference, referenceUse } = texts[frame.language].pages.refusal;
  if (!refused.reference) return null;
  const use = reader === 'adult' ? referenceUse : '';
  return <Reference reference={refused.reference} label={reference[reader]} use={use} />;
}

/**
 * Collapsed, to keep the child's page short. In English too, which the teacher may read better than the child's
 * language.
 */
function ForTeacher({ refused, frame }: RefusalPageProps) {
  const own = frame.language === 'en' ? undefined : frame.language;
  const label = refused.audience === 'unknown' ? 'forAdults' : 'forTeacher';
  return (
    <details>
      <summary>
        {own && `${texts[own].pages.refusal[label]} · `}
        <bdi lang="en">{texts.en.pages.refusal[label]}</bdi>
      </summary>
      {own && <TeacherPart refused={refused} language={own} />}
      <TeacherPart refused={refused} language="en" />
      <Message refused={refused} frame={frame} />
    </details>
  );
}

function TeacherPart({ refused, language }: { readonly refused: Refused; readonly language: Language }) {
  const { tag, direction, codes, pages } = texts[language];
  const { adult, message } = codes[refused.code];
  const { heading, steps } = adult;
  const { refusal } = pages;
  return (
    <div class="part" lang={tag} dir={direction}>
      {refused.audience === 'unknown' && (
        <>
          <h2>{heading}</h2>
          <p>{describeRefusal(refused, language, 'adult')}</p>
        </>
      )}
      <Facts refused={refused} label={refusal.messageAddress} language={language} />
      {(message === undefined || steps.length > 1) && <Steps steps={steps} />}
      {message && <p>{refusal.forTeacherSend[receiverOf(refused)]}</p>}
    </div>
  );
}

function receiverOf({ code }: Refused): 'district' | 'summit' | 'school' {
  if (code === 'cookies_blocked') return 'school';
  return outcomeCodes[code].owner === 'summit' ? 'summit' : 'district';
}
