// The supported languages. To add one, add a file to languages/ and a line here.
import type { LanguageTexts } from './language-texts.ts';
import { arabic } from './languages/ar.ts';
import { english } from './languages/en.ts';
import { spanish } from './languages/es.ts';
import { haitianCreole } from './languages/ht.ts';
import { portuguese } from './languages/pt.ts';
import { vietnamese } from './languages/vi.ts';
import { chinese } from './languages/zh.ts';

/** In the order of the language switch. */
const byLanguage = {
  en: english,
  es: spanish,
  ar: arabic,
  zh: chinese,
  vi: vietnamese,
  ht: haitianCreole,
  pt: portuguese,
} as const satisfies Readonly<Record<string, LanguageTexts>>;

export type Language = keyof typeof byLanguage;

export const texts: Readonly<Record<Language, LanguageTexts>> = byLanguage;

export const languages = Object.keys(byLanguage) as readonly Language[];

export const isLanguage = (text: string): text is Language => Object.hasOwn(byLanguage, text);
