// The page of a refused sign-in: a short one for a child, what to send to whom for an employee, in between otherwise.
// Shows the code's words, the difference, the reference and the masked address of a Refused, and nothing else of it.
import type { Refused } from '../../sign-in/outcome.ts';
import type { Language } from '../language.ts';
import { describeRefusal } from '../problem-document.ts';
import { messageOf, problemTexts } from '../problem-texts.ts';
import { problemOf } from '../problems.ts';
import { Layout } from './layout.tsx';
import { Message } from './message.tsx';
import { pageTexts } from './page-texts.ts';
import { OwnerPicture } from './pictures.tsx';
import { Reference } from './reference.tsx';
import { SignInLink } from './sign-in-link.tsx';
import { untranslated } from './untranslated.ts';

export interface RefusalPageProps {
  readonly refused: Refused;
  readonly language: Language;
}

export function RefusalPage(props: RefusalPageProps) {
  const { refused, language } = props;
  const { heading } = problemTexts[language].codes[refused.code][refused.audience];
  return (
    <Layout language={language} title={heading} audience={refused.audience}>
      {refused.audience === 'student' ? <ForChild {...props} /> : <ForAdult {...props} />}
    </Layout>
  );
}

function ForChild({ refused, language }: RefusalPageProps) {
  const { heading, steps } = problemTexts[language].codes[refused.code].student;
  const { refusal } = pageTexts[language];
  return (
    <>
      <Drawing refused={refused} language={language} />
      <h1>{heading}</h1>
      <p class="what">{describeRefusal(refused, language)}</p>
      <p class="what">{refusal.owners[problemOf(refused.code).owner].student}</p>
      <Steps steps={steps} />
      <Again refused={refused} language={language} />
      <Sign refused={refused} language={language} />
      <ForTeacher refused={refused} language={language} />
    </>
  );
}

function ForAdult({ refused, language }: RefusalPageProps) {
  const { code, audience } = refused;
  const texts = problemTexts[language].codes[code];
  const message = messageOf(code, refused.rosterSource, language);
  const { refusal } = pageTexts[language];
  return (
    <>
      {audience === 'unknown' && <Drawing refused={refused} language={language} />}
      <h1>{texts[audience].heading}</h1>
      <p class="what">{describeRefusal(refused, language)}</p>
      <Facts refused={refused} label={refusal.address} language={language} />
      <h2>{refusal.steps}</h2>
      <Steps steps={texts[audience].steps} />
      {audience === 'employee' && message && <Message refused={refused} texts={message} language={language} />}
      <Again refused={refused} language={language} />
      <Sign refused={refused} language={language} />
      {refused.maskedEmail && <p class="quiet">{refusal.notYou}</p>}
    </>
  );
}

function Drawing({ refused, language }: RefusalPageProps) {
  const { owner } = problemOf(refused.code);
  return <OwnerPicture owner={owner} name={pageTexts[language].refusal.pictures[owner]} />;
}

function Facts({ refused, label, language }: RefusalPageProps & { readonly label: string }) {
  const { refusal } = pageTexts[language];
  return (
    <dl>
      <dt>{refusal.whoCanFix}</dt>
      <dd>{refusal.owners[problemOf(refused.code).owner][refused.audience]}</dd>
      {refused.maskedEmail && (
        <>
          <dt>{label}</dt>
          <dd {...untranslated}>{refused.maskedEmail}</dd>
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

/** Offered where another try can end otherwise, and where starting over is what helps. */
function Again({ refused, language }: RefusalPageProps) {
  const { owner, retryable } = problemOf(refused.code);
  const { logIn, tryAgain } = pageTexts[language];
  if (owner === 'user') return <SignInLink app={refused.app} label={logIn} />;
  return retryable ? <SignInLink app={refused.app} label={tryAgain} /> : null;
}

function Sign({ refused, language }: RefusalPageProps) {
  const { reference, audience } = refused;
  const { refusal } = pageTexts[language];
  if (!reference) return null;
  return <Reference reference={reference} label={refusal.reference[audience]} use={refusal.referenceUse[audience]} />;
}

/** Folded away: the child's page stays short, and the teacher it is shown to knows what to do. */
function ForTeacher({ refused, language }: RefusalPageProps) {
  const { employee } = problemTexts[language].codes[refused.code];
  const message = messageOf(refused.code, refused.rosterSource, language);
  const { refusal } = pageTexts[language];
  return (
    <details>
      <summary>{refusal.forTeacher}</summary>
      <Facts refused={{ ...refused, audience: 'employee' }} label={refusal.messageAddress} language={language} />
      {message === undefined ? (
        <Steps steps={employee.steps} />
      ) : (
        <>
          <p>{refusal.forTeacherSend[problemOf(refused.code).owner === 'summit' ? 'summit' : 'district']}</p>
          <Message refused={refused} texts={message} language={language} />
        </>
      )}
    </details>
  );
}
