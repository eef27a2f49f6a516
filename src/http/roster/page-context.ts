// What pages that are about one district are handed: the district, who acts, and the frame of the surface. The district
// comes from who is signed in (/district) or from the path (/admin), never from a form.
import type { Request, Response } from 'express';
import type { ComponentChildren, JSX } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import type { DistrictLook } from '../../audit/audit-log.ts';
import { type District, isRosteredBy } from '../../district/district.ts';
import type { SentBy } from '../../formats/format.ts';

export interface PageContext {
  readonly district: District;
  /** The path that the pages of this district stand below. */
  readonly base: string;
  /** As in the audit log; `account` of an administrator of the district. */
  readonly by: string;
  readonly account?: string;
  /** Who signed in: an upload that is kept is published by its owner only. */
  readonly owner: string;
  readonly isStaff: boolean;
  readonly formToken: string;
  /** Whether a form is of a page of this session. */
  readonly isOwnForm: (token: unknown) => boolean;
  readonly frame: (title: string, children: ComponentChildren) => JSX.Element;
  /** Records the look or the check; before it is answered. What a publish changes has its entry by itself. */
  readonly note: (action: PageAction, facts?: Readonly<Record<string, string | number>>) => Promise<void>;
}

export type PageAction = DistrictLook | 'preflight_made';

export type PageHandler = (request: Request, response: Response, context: PageContext) => unknown;

/** By which its files may be uploaded. */
export const uploadMethods = (district: Pick<District, 'rostering'>): SentBy[] =>
  (['sftp', 'manual'] as const).filter((method) => isRosteredBy(district, method));

export function sendStaffPage(response: Response, status: number, page: JSX.Element): void {
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'Content-Language': 'en' })
    .type('html')
    .send(`<!DOCTYPE html>${renderToStaticMarkup(page)}`);
}
