// Fields of an administration form in the body, from readForm; and the parameter by which a page reports what was done.
import type { Request } from 'express';
import { type DoneWord, doneTexts } from './pages/done.tsx';

/** Trimmed text; undefined if it is empty or sent twice. */
export function readField(request: Request, name: string): string | undefined {
  const value: unknown = request.body?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** All values of a repeatable field. */
export function readFields(request: Request, name: string): readonly string[] {
  const value: unknown = request.body?.[name];
  return [value].flat().filter((each): each is string => typeof each === 'string' && each !== '');
}

export function readDone(request: Request): DoneWord | undefined {
  const [, word = ''] = /[?&]done=([a-z-]{1,20})(?:&|$)/.exec(request.originalUrl) ?? [];
  return Object.keys(doneTexts).find((each): each is DoneWord => each === word);
}
