import { createOutput } from '../../src/cli/output.ts';

function open(json: boolean) {
  const [out, aside]: [string[], string[]] = [[], []];
  const output = createOutput(
    { stdout: { write: (text) => out.push(text) }, stderr: { write: (text) => aside.push(text) } },
    json,
  );
  return { output, out, aside };
}

const hostile = 'Ann\r\n2026-05-07 roster_published by bridge\u001b]52;c;ZXZpbA==\u0007\u009b2J\u202e';
const shown = 'Ann\\u000d\\u000a2026-05-07 roster_published by bridge\\u001b]52;c;ZXZpbA==\\u0007\\u009b2J\\u202e';

it('shows what a terminal would obey, and a line stays one line', () => {
  const { output, out, aside } = open(false);
  output.result({}, [hostile, 'é 王 مدرسة']);
  output.problem({ code: 'x', detail: hostile });
  output.aside(hostile);
  expect(out).toEqual([`${shown}\né 王 مدرسة\n`]);
  expect(aside).toEqual([`${shown}\n`, `${shown}\n`]);
});

it('does so in JSON too, which says the same to a program', () => {
  const { output, out } = open(true);
  output.result({ name: hostile }, []);
  expect(out[0]?.trimEnd()).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(JSON.parse(out[0] ?? '')).toEqual({ name: hostile });
});

const plain = ['\nERROR  students.csv', '\nwarning  '];
const colored = ['\u001b[1m\u001b[31mERROR\u001b[39m\u001b[22m  students.csv', '\u001b[33mwarning'];

it.each([
  ['a terminal', true, false, colored],
  ['a terminal with NO_COLOR', false, false, plain],
  ['a pipe', undefined, false, plain],
  ['JSON', true, true, []],
])('marks errors and warnings by color for %s', (_where, hasColors, json, shown) => {
  const out: string[] = [];
  const write = (text: string) => out.push(text);
  const stdout = hasColors === undefined ? { write } : { write, hasColors: () => hasColors };
  const output = createOutput({ stdout, stderr: { write } }, json);
  output.result({}, ['An ERROR  elsewhere', 'ERROR  students.csv', 'warning  line 3', hostile]);
  for (const text of shown) expect(out[0]).toContain(text);
  expect(out[0]).not.toContain('\u001b]');
  expect(out[0]?.includes('\u001b')).toBe(shown === colored);
});
