// An attempt as JSON, over HTTP and from the command. A list contains nothing that identifies a user; a single attempt
// contains everything that staff may see, and reading it is recorded.

import { isLanguage, type Language, texts } from '../outcome/languages.ts';
import { audienceOf } from '../outcome/outcome.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { showReference } from '../outcome/reference.ts';
import { describeRefusal, pageReaderOf } from '../outcome/refusal-texts.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptDetail, RosterValue } from './attempt-detail.ts';
import type { AttemptState } from './attempt-state.ts';
import { writeDistrictMessage } from './district-message.ts';

export function describeAttempt(
  { reference, at, code, app, difference, reason, district, clever }: Attempt,
  { state, resolvedAt, wouldMatchNow }: AttemptState,
) {
  return {
    reference: showReference(reference),
    at: new Date(at).toISOString(),
    code,
    owner: outcomeCodes[code].owner,
    app,
    difference: difference ?? null,
    reason: reason ?? null,
    district: district ?? null,
    user_type: clever?.user_type ?? null,
    state,
    would_match_now: wouldMatchNow,
    resolved_at: resolvedAt === undefined ? null : new Date(resolvedAt).toISOString(),
  };
}

export function describeAttemptDetail(found: AttemptDetail) {
  const { attempt, district, state, roster, facts, holders } = found;
  return {
    ...describeAttempt(attempt, state),
    clever_district: attempt.clever?.district ?? null,
    district_name: district?.name ?? null,
    saw: whatWasSeen(attempt),
    clever: attempt.clever ?? null,
    roster: roster.map(describeValue),
    facts,
    accounts: holders.map(({ account, isSameName, lastSuccess }) => ({
      account: account.accountId,
      given_name: account.givenName,
      family_name: account.familyName,
      same_name: isSameName ?? null,
      last_success: lastSuccess === undefined ? null : new Date(lastSuccess.at).toISOString(),
      last_clever_id: lastSuccess?.cleverId ?? null,
    })),
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

/** In English, and also in the language of the page, if different. */
export function whatWasSeen(attempt: Pick<Attempt, 'code' | 'difference' | 'clever' | 'language'>) {
  const { code, difference, language } = attempt;
  const audience = audienceOf(attempt.clever?.user_type);
  const reader = pageReaderOf(audience);
  const refused = { kind: 'refused', code, audience, ...(difference === undefined ? {} : { difference }) } as const;
  const textsIn = (spoken: Language) => {
    const { heading, steps } = texts[spoken].codes[code][reader];
    return { heading, what: describeRefusal(refused, spoken, reader), steps };
  };
  // A newer version may have stored a language that this one lacks.
  const isOther = language !== undefined && language !== 'en' && isLanguage(language);
  return {
    audience,
    ...textsIn('en'),
    /** Null in records of earlier versions. */
    language: language ?? null,
    as_seen: isOther ? { lang: texts[language].tag, dir: texts[language].direction, ...textsIn(language) } : null,
  };
}
