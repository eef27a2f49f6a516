// One search box for any kind of term. It posts, so that no address gets into a URL or a log.
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { FormToken } from './support-layout.tsx';

interface SearchBoxProps {
  readonly session?: StaffSession | undefined;
  /** The previous search, to be corrected. */
  readonly q?: string;
  readonly why?: string | undefined;
  /** Not where focusing would scroll past the results. */
  readonly isFocused?: boolean;
}

export function SearchBox({ session, q, why, isFocused = true }: SearchBoxProps) {
  return (
    <form method="post" action="/support/search" autocomplete="off">
      <FormToken session={session} />
      <div class="search">
        <div>
          <label for="q">Reference, email address, name, SIS id, Clever id, district, code or day</label>
          <input
            id="q"
            name="q"
            type="text"
            value={q}
            required
            maxLength={320}
            spellcheck={false}
            autocapitalize="none"
            autofocus={isFocused}
            aria-describedby="q-hint"
          />
        </div>
        <button class="button" type="submit">
          Find
        </button>
      </div>
      {/* After the button, so that it can be skipped. */}
      <div class="why">
        <label for="why">Why you look (optional)</label>
        <input id="why" name="reason" type="text" maxLength={300} value={why} placeholder="a ticket, for example" />
      </div>
      <p class="quiet" id="q-hint">
        A reference or an address in any case. A name, a SIS id or another id of the roster with the district, as in
        “lakeside Ana Silva”. A district, a code and a day or time also together, as in “lakeside today” or “lakeside
        8/17/2026 2:05 pm”. Reading a person’s record is recorded under your name.
      </p>
    </form>
  );
}
