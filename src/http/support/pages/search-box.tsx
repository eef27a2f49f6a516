// One box for whatever the caller has. It posts, so that no address stands in a URL or a log.
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { FormToken } from './desk-layout.tsx';

export function SearchBox({ session }: { readonly session?: StaffSession | undefined }) {
  return (
    <form method="post" action="/support/search" autocomplete="off">
      <FormToken session={session} />
      <div class="search">
        <div>
          <label for="q">Reference, email address, Clever id, account id, district, code or time</label>
          <input
            id="q"
            name="q"
            type="text"
            required
            maxLength={320}
            spellcheck={false}
            autocapitalize="none"
            autofocus
            aria-describedby="q-hint"
          />
        </div>
        <button class="button" type="submit">
          Find
        </button>
      </div>
      {/* After the button: who has no time for it never passes it. */}
      <div class="why">
        <label for="why">Why you look (optional)</label>
        <input id="why" name="reason" type="text" maxLength={300} placeholder="a ticket, for example" />
      </div>
      <p class="quiet" id="q-hint">
        A reference in any case, with or without the dash, O for 0 and L for 1 forgiven. An address to the letter. A
        district by id or name, a day or time as shown here, a code, or these together. Reading a person’s record is
        recorded under your name.
      </p>
    </form>
  );
}
