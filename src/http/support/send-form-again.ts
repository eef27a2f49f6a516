// Shows the form of an action of staff again if its reason or another field is missing.
import type { Request, Response } from 'express';
import { h } from 'preact';
import type { StaffSession } from '../../staff/staff-sign-in.ts';
import { MoveLinkForm, moveFields, ReasonForm, reasonFieldOf } from './pages/action-forms.tsx';
import { FormAgainPage } from './pages/form-again.tsx';
import { sendSupportPage } from './send-support-page.ts';
import { fieldOf, formOf, givenReasonOf } from './staff-access.ts';

interface Again {
  readonly session: StaffSession | undefined;
  /** As on the button. */
  readonly label: string;
  /** Of the page to return to without the action. */
  readonly back: string;
  /** It will wait for a second person. */
  readonly waits?: boolean;
}

/** The fields of these forms that a user does not fill in. */
const hiddenFields = ['account', 'all', 'reference'] as const;

export function sendReasonAgain(request: Request, response: Response, { session, label, back, waits }: Again): void {
  const fields = Object.fromEntries(
    hiddenFields.flatMap((name) => {
      const value = fieldOf(request, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const action = request.path;
  const missing = [{ id: reasonFieldOf(action, fields), label: `${label}: why?` }];
  const form = h(ReasonForm, {
    session,
    action,
    label,
    fields,
    given: textOf(request, 'reason'),
    ...(waits && { waits }),
  });
  sendSupportPage(response, 400, h(FormAgainPage, { session, title: label, missing, back, children: form }));
}

export function sendMoveAgain(
  request: Request,
  response: Response,
  { session, label, back, waits = false, district }: Again & { readonly district: string },
): void {
  const missing = moveFields
    .filter(([name]) => (name === 'reason' ? givenReasonOf(request) : fieldOf(request, name)) === undefined)
    .map(([name, text]) => ({ id: `move-${name}`, label: text }));
  const given = Object.fromEntries(moveFields.map(([name]) => [name, textOf(request, name)]));
  const form = h(MoveLinkForm, { session, district, waits, given });
  sendSupportPage(response, 400, h(FormAgainPage, { session, title: label, missing, back, children: form }));
}

/** What was filled in, also if it is not accepted; at most what a field takes. */
function textOf(request: Request, name: string): string | undefined {
  const value = formOf(request)[name];
  return typeof value === 'string' ? value.slice(0, 300) : undefined;
}
