// Puts a support page on the wire: English, kept by no cache.
import type { Response } from 'express';
import { h, type JSX } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { type DeadEnd, deadEnds, SupportDeadEnd } from './pages/dead-end.tsx';

export function sendSupportPage(response: Response, status: number, page: JSX.Element): void {
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'Content-Language': 'en' })
    .type('html')
    .send(`<!DOCTYPE html>${renderToStaticMarkup(page)}`);
}

/** @param returnTo where to go on after signing in; only the path is kept */
export function sendSupportDeadEnd(response: Response, kind: DeadEnd, returnTo?: string): void {
  const path = returnTo?.split('?')[0];
  sendSupportPage(response, deadEnds[kind].status, h(SupportDeadEnd, { kind, returnTo: path }));
}
