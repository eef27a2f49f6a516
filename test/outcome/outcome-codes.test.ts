// Every outcome code has all its parts, and the contract, openapi.yaml and a test of its behaviour name it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languages, texts } from '../../src/outcome/languages.ts';
import { outcomeCodes } from '../../src/outcome/outcome-codes.ts';
import { openApi } from '../helpers/expect-openapi.ts';
import { codes, differences } from '../http/pages/page-server.ts';

/** The rows of the contract's section 3: codes, status, owner, retryable. */
const contract = readFileSync('docs/contract.md', 'utf8')
  .split('## 3. ')[1]
  ?.split('\n## ')[0]
  ?.split('\n')
  .flatMap((row) => {
    const [, names = '', status, owner, retryable] = row.split('|').map((cell) => cell.trim());
    return [...names.matchAll(/`(\w+)`/g)].map(([, code]) => ({
      code,
      status: Number(status),
      owner,
      retryable: retryable === 'yes',
    }));
  });

/** Without the lists of this file and openapi.test.ts: a test that says when the code is the outcome. */
const behaviourTests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !/^(outcome|openapi)\//.test(file))
  .map((file) => readFileSync(join('test', file), 'utf8'))
  .join('\n');

describe('the outcome codes', () => {
  it('are those of the contract, with its status, owner and retryable', () => {
    const ours = codes.map((code) => {
      const { status, owner, retryable } = outcomeCodes[code];
      return { code, status, owner, retryable };
    });
    expect(contract).toHaveLength(codes.length);
    expect(contract).toEqual(expect.arrayContaining(ours));
  });

  it('are in openapi.yaml, and no other is', () => {
    const schema: unknown = openApi.components['schemas']?.['Code'];
    expect([...Object(schema)['enum']].sort()).toEqual([...codes].sort());
  });

  it.each(codes)('%s has a test of its behaviour', (code) => {
    expect(behaviourTests).toMatch(new RegExp(`\\b${code}\\b`));
  });

  it.each(codes)('%s says what support does next, for every source of the roster', (code) => {
    const { nextStep, nextStepBySource } = outcomeCodes[code];
    const steps = [nextStep, ...Object.values(nextStepBySource ?? {})];
    for (const step of steps) expect(step).toMatch(/^\p{Lu}.*\.$/u);
  });

  it('say when to come back where the contract asks for Retry-After, and only there', () => {
    const withRetryAfter = codes.filter((code) => outcomeCodes[code].retryAfterSeconds !== undefined).sort();
    expect(withRetryAfter).toEqual(['clever_unavailable', 'rate_limited', 'service_unavailable']);
  });
});

const readers = ['child', 'adult'] as const;
/** Vietnamese is written by the syllable, Chinese without spaces. */
const longest = { en: 11, es: 11, ar: 11, zh: 26, vi: 13, ht: 11, pt: 11 } as const;
const sentenceEnd = /(?<=[.?!。？！]) ?/;

describe.each(languages)('the texts in %s', (language) => {
  const { codes: codeTexts, differences: differenceTexts, pages } = texts[language];
  const lengthOf = (sentence: string) => (language === 'zh' ? sentence : sentence.split(' ')).length;

  it.each(codes)('explain to child and adult what %s means and what to do', (code) => {
    for (const reader of readers) {
      const { heading, what, steps } = codeTexts[code][reader];
      for (const text of [heading, what, ...steps]) expect(text).toMatch(/^[¿¡]?[\p{Lu}\p{Lo}].*\S$/u);
      for (const text of [what, ...steps]) expect(text).toMatch(/[.?。？]$/);
      expect(steps.length).toBeGreaterThan(0);
    }
  });

  it.each(codes)('hold a message to send for %s exactly where another party must act on it', (code) => {
    const { owner, retryable } = outcomeCodes[code];
    const isAlso = ['roster_pending', 'clever_denied', 'cookies_blocked'].includes(code);
    const wanted = isAlso || ((owner === 'district' || owner === 'summit') && !retryable);
    expect(codeTexts[code].message !== undefined).toBe(wanted);
  });

  it.each(codes)('are short for a child who meets %s', (code) => {
    const { heading, what, steps } = codeTexts[code].child;
    const { nothingWrong, owners } = pages.refusal;
    const said = [nothingWrong, what, owners[outcomeCodes[code].owner].child, ...steps];
    const sentences = [heading, ...said.flatMap((text) => text.split(sentenceEnd))].filter((one) => one !== '');
    for (const sentence of sentences)
      expect([sentence, lengthOf(sentence) <= longest[language]]).toEqual([sentence, true]);
    expect(sentences.length).toBeLessThanOrEqual(7);
  });

  it('differ from one difference to the next', () => {
    for (const reader of readers) {
      const said = differences.map((difference) => differenceTexts[difference][reader]);
      expect(new Set(said).size).toBe(differences.length);
      if (reader === 'child') for (const one of said) expect(lengthOf(one)).toBeLessThanOrEqual(longest[language]);
    }
  });

  it('are nowhere left in another language', () => {
    if (language === 'en') return;
    const same = valuesOf(texts[language]).filter((text) => valuesOf(texts.en).includes(text));
    expect(new Set(same)).toEqual(new Set(['Clever']));
  });

  it('have a heading of their own for each code', () => {
    for (const reader of readers)
      expect(new Set(codes.map((code) => codeTexts[code][reader].heading)).size).toBe(codes.length);
  });

  it('never speak of another district, whatever the code', () => {
    expect(JSON.stringify(texts[language])).not.toMatch(/another district|other district|otro distrito/i);
  });
});

const valuesOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : Object.entries(Object(value)).flatMap(([key, one]) =>
        ['direction', 'sentenceGap', 'comma'].includes(key) ? [] : valuesOf(one),
      );
