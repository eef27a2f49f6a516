// An attempt as programs read it, over HTTP and from the command. A list tells nothing that says who a person is; one
// attempt tells everything that staff may know, and reading it is recorded.
import { audienceOf } from '../../sign-in/outcome.ts';
import type { Attempt } from '../../support/attempt.ts';
import type { AttemptCase, RosterValue } from '../../support/attempt-case.ts';
import { showReference } from '../../support/reference.ts';
import { describeRefusal } from '../problem-document.ts';
import { problemTexts } from '../problem-texts.ts';
import { problemOf } from '../problems.ts';
import { writeDistrictMessage } from './district-message.ts';

export function describeAttempt(
  { reference, at, code, app, difference, reason, district, clever }: Attempt,
  resolvedAt: number | undefined,
) {
  return {
    reference: showReference(reference),
    at: new Date(at).toISOString(),
    code,
    owner: problemOf(code).owner,
    app,
    difference: difference ?? null,
    reason: reason ?? null,
    district: district ?? null,
    user_type: clever?.user_type ?? null,
    resolved_at: resolvedAt === undefined ? null : new Date(resolvedAt).toISOString(),
  };
}

export function describeCase(found: AttemptCase) {
  const { attempt, district, resolvedAt, roster, facts } = found;
  return {
    ...describeAttempt(attempt, resolvedAt),
    clever_district: attempt.clever?.district ?? null,
    district_name: district?.name ?? null,
    saw: whatWasSeen(attempt),
    clever: attempt.clever ?? null,
    roster: roster.map(describeValue),
    facts,
    message: writeDistrictMessage(found) ?? null,
  };
}

function describeValue({ account, record, sisId, method, email, place, publishedAt, difference }: RosterValue) {
  return {
    account,
    record,
    sis_id: sisId,
    method,
    email: email ?? null,
    place,
    published_at: publishedAt === undefined ? null : new Date(publishedAt).toISOString(),
    difference: difference ?? null,
  };
}

/** In English, as the page said it. */
export function whatWasSeen(attempt: Pick<Attempt, 'code' | 'difference' | 'clever'>) {
  const { code, difference } = attempt;
  const audience = audienceOf(attempt.clever?.user_type);
  const { heading, steps } = problemTexts.en.codes[code][audience];
  const refused = { kind: 'refused', code, audience, ...(difference === undefined ? {} : { difference }) } as const;
  return { audience, heading, what: describeRefusal(refused, 'en'), steps };
}
