// What Clever sent and what the roster had, side by side: differing characters are marked and named.
import type { ComponentChildren } from 'preact';
import type { Code } from '../../../outcome/outcome-codes.ts';
import type { AttemptDetail, RosterValue } from '../../../support/attempt-detail.ts';
import { describePlace } from '../../../support/district-message.ts';
import type { Piece } from '../../../support/mark-difference.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { Time } from './time.tsx';

/** Shown without an account: that there is none, or that none was searched. */
const missingTexts: { readonly [Each in Code]?: string } = {
  not_rostered: 'no account like this',
  roster_pending: 'no account: there was no roster yet',
  email_missing: 'not searched: there was no address to look for',
  email_invalid: 'not searched: this is not one plain address',
  district_not_linked: 'not searched: the district is linked to none of ours',
  user_type_unsupported: 'not searched: such logins have no account',
};

export function BothValues({
  code,
  clever,
  roster,
}: {
  readonly code: Code;
  readonly clever: string | undefined;
  readonly roster: AttemptDetail['roster'];
}) {
  if (roster.length === 0) {
    return (
      <div class="pair">
        <Value heading="Clever sent">{clever === undefined ? 'no address' : breakable(clever)}</Value>
        <Value heading="The roster held">{missingTexts[code] ?? 'not known'}</Value>
      </div>
    );
  }
  return (
    <>
      {roster.map((value, index) => (
        <Pair
          key={`${value.account}${value.method}`}
          heading={code === 'account_inactive' ? 'The previous roster held' : 'The roster held'}
          clever={clever}
          value={value}
          isFirst={index === 0}
        />
      ))}
    </>
  );
}

interface PairProps {
  readonly heading: string;
  readonly clever: string | undefined;
  readonly value: RosterValue;
  readonly isFirst: boolean;
}

/** Clever's value is repeated only if it is marked differently. */
function Pair({ heading, clever, value, isFirst }: PairProps) {
  const { difference, email, record, sisId, method, place, publishedAt } = value;
  const sent = clever === undefined ? 'no address' : breakable(clever);
  return (
    <>
      <div class="pair">
        {(isFirst || difference) && (
          <Value heading="Clever sent">{difference ? <Marked pieces={difference.clever} /> : sent}</Value>
        )}
        <Value heading={heading}>
          {difference ? <Marked pieces={difference.roster} /> : email === undefined ? 'no address' : breakable(email)}
          <span class="source">
            {record} {sisId}; {describePlace(method, place)}
            {publishedAt !== undefined && (
              <>
                ; published <Time at={publishedAt} />
              </>
            )}
          </span>
        </Value>
      </div>
      {difference && (
        <ul class="said">
          {difference.said.map((said) => (
            <li key={said}>{said}</li>
          ))}
        </ul>
      )}
    </>
  );
}

const Value = ({ heading, children }: { readonly heading: string; readonly children: ComponentChildren }) => (
  <div>
    <h3>{heading}</h3>
    <p class="value" {...untranslated}>
      {children}
    </p>
  </div>
);

const Marked = ({ pieces }: { readonly pieces: readonly Piece[] }) => (
  <>
    {pieces.map(({ text, differs, names }, index) =>
      differs ? (
        <mark key={`${index}${text}`} title={names.join(', ')}>
          {makeVisible(text)}
        </mark>
      ) : (
        breakable(text)
      ),
    )}
  </>
);

/** Allows a line break after the @. */
const breakable = (text: string) =>
  text.split(/(?<=@)/).flatMap((part, index) => (index === 0 ? [part] : [<wbr key={index} />, part]));

/** Makes invisible characters visible: spaces as an open box, others by number. */
const makeVisible = (text: string): string =>
  [...text]
    .map((sign) => {
      if (/^\s$/u.test(sign)) return '␣';
      const isHidden = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}]$/u.test(sign);
      return isHidden ? `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]` : sign;
    })
    .join('');
