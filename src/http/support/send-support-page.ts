// Sends a support page: in English, with times in the user's zone, without caching.
import type { Request, Response } from 'express';
import { h, type JSX } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { type District, timeZoneOf } from '../../district/district.ts';
import { readOnce } from '../kit/cookies.ts';
import { type DeadEnd, deadEnds, SupportDeadEnd } from './pages/dead-end.tsx';
import { ReaderContext } from './pages/time.tsx';
import { readZone } from './read-when.ts';

/** Not a secret: without `__Host-`, so that it is the same with and without https. */
export const zoneCookie = 'summit_staff_zone';

/** The zone that the user selected, else that of the one district on the page, else UTC. */
export const zoneOf = (request: Request, district?: Pick<District, 'settings'>): string =>
  readZone(readOnce(request.headers.cookie ?? '', zoneCookie)) ??
  (district === undefined ? 'UTC' : timeZoneOf(district));

/** @param district of the page */
export function sendSupportPage(
  response: Response,
  status: number,
  page: JSX.Element,
  district?: Pick<District, 'settings'>,
): void {
  const { req: request } = response;
  const reader = { zone: zoneOf(request, district), path: request.method === 'GET' ? request.originalUrl : '/support' };
  const markup = renderToStaticMarkup(h(ReaderContext.Provider, { value: reader, children: page }));
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'Content-Language': 'en' })
    .type('html')
    .send(`<!DOCTYPE html>${markup}`);
}

export interface DeadEndOptions {
  /** Where to continue after signing in; only the path is used. */
  readonly returnTo?: string | undefined;
  /** The address that the user signed in with. */
  readonly email?: string | undefined;
}

export function sendSupportDeadEnd(response: Response, kind: DeadEnd, { returnTo, email }: DeadEndOptions = {}): void {
  const path = returnTo?.split('?')[0];
  sendSupportPage(response, deadEnds[kind].status, h(SupportDeadEnd, { kind, returnTo: path, email }));
}
