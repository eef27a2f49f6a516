// The context of pages about one district: the district, the user, and the layout. The district comes from the session
// (/district) or from the path (/admin), never from a form.
import type { Request, Response } from 'express';
import type { ComponentChildren, JSX } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import type { DistrictPageRead } from '../../audit/audit-log.ts';
import { type District, isRosteredBy } from '../../district/district.ts';
import type { SentBy } from '../../formats/format.ts';

export interface PageContext {
  readonly district: District;
  /** The base path of this district's pages. */
  readonly base: string;
  /** As in the audit log; `account` of an administrator of the district. */
  readonly by: string;
  readonly account?: string;
  /** The signed-in user: only the owner of a stored upload can publish it. */
  readonly owner: string;
  readonly isStaff: boolean;
  readonly formToken: string;
  /** Whether a form is from a page of this session. */
  readonly isOwnForm: (token: unknown) => boolean;
  readonly frame: (title: string, children: ComponentChildren) => JSX.Element;
  /** Records the page read or the check before the response. A publish writes its own entry. */
  readonly note: (action: PageAction, facts?: Readonly<Record<string, string | number>>) => Promise<void>;
}

type PageAction = DistrictPageRead | 'preflight_made';

export type PageHandler = (request: Request, response: Response, context: PageContext) => unknown;

/** The methods by which its files may be uploaded. */
export const uploadMethods = (district: Pick<District, 'rostering'>): SentBy[] =>
  (['sftp', 'manual'] as const).filter((method) => isRosteredBy(district, method));

export function sendStaffPage(response: Response, status: number, page: JSX.Element): void {
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'Content-Language': 'en' })
    .type('html')
    .send(`<!DOCTYPE html>${renderToStaticMarkup(page)}`);
}
