// Bodies: from the shapes in openapi.yaml, bent, broken, cut, or of another kind than they say.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encoded, hostileText, mark, valueFor } from './values.ts';

export interface Body {
  readonly type: string | undefined;
  readonly bytes: Buffer;
  readonly encoding?: string;
}

/** @param type the media type of openapi.yaml. @param fields what its schema names */
export function bodyOf(type: string, fields: readonly string[]): fc.Arbitrary<Body> {
  const right = (bytes: fc.Arbitrary<string | Buffer>, of = type) =>
    bytes.map((one) => ({ type: of, bytes: toBytes(one) }));
  const good =
    type === 'application/json'
      ? right(jsonOf(fields))
      : type === 'application/x-www-form-urlencoded'
        ? right(formOf(fields))
        : type === 'multipart/form-data'
          ? multipart
          : right(fc.oneof(hostileText, fc.constant(studentsCsv)));
  return fc.oneof(
    { weight: 12, arbitrary: good },
    { weight: 3, arbitrary: right(badJson) },
    {
      weight: 2,
      arbitrary: fc.tuple(good, fc.constantFrom(...otherTypes)).map(([body, other]) => ({ ...body, type: other })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(good, fc.constantFrom('gzip', 'br', 'deflate', mark))
        .map(([body, encoding]) => zip(body, encoding)),
    },
    { weight: 1, arbitrary: right(huge) },
    { weight: 1, arbitrary: right(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))) },
  );
}

const toBytes = (one: string | Buffer) => (typeof one === 'string' ? Buffer.from(one) : one);
const zip = (body: Body, encoding: string): Body => ({
  ...body,
  encoding,
  // A little that unpacks to a lot, and what is not packed at all.
  bytes: encoding === 'gzip' ? gzipSync(Buffer.concat([body.bytes, Buffer.alloc(300_000, 'a')])) : body.bytes,
});

const otherTypes = [
  undefined,
  '',
  'application/json',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded; charset=klingon',
  'application/x-www-form-urlencoded; charset=iso-8859-1',
  'text/plain',
  'application/xml',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=x; boundary=y',
  `text/html; ${mark}`,
  'text/csv; charset=utf-16',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ';;;',
] as const;

function jsonOf(fields: readonly string[]): fc.Arbitrary<string> {
  const members = fields.map((name) =>
    fc.option(
      fc.oneof(
        { weight: 5, arbitrary: name === 'rostering' ? fc.array(valueFor(name), { maxLength: 3 }) : valueFor(name) },
        { weight: 1, arbitrary: fc.jsonValue() },
      ),
      { nil: undefined, freq: 4 },
    ),
  );
  return fc
    .tuple(...members)
    .map((values) =>
      JSON.stringify(
        Object.fromEntries(
          fields.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]]])),
        ),
      ),
    );
}

const deep = (sign: string, end: string, times: number) => sign.repeat(times) + end.repeat(times);

const badJson: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc.constantFrom(
    deep('[', ']', 4_000),
    deep('{"a":', '}', 1_500),
    '['.repeat(8_000),
    `{"__proto__":{"scope":"admin","${mark}":1},"constructor":{"prototype":{"scope":"admin"}}}`,
    `{"reference":"{{reference}}","reference":"${mark}"}`,
    '{"email":"\\ud800","account":"\\ud800","clever_id":"\\ud800","district":"\\ud800"}',
    `{"account":"${'x'.repeat(399)}"}`,
    '{"email":{"$gt":""},"code":["a"],"district":1e999}',
    '\ufeff{"q":1}',
    'null',
    '"text"',
    '[]',
    '{} trailing',
    '{"a":1,}',
    '',
  ),
  fc.json({ maxDepth: 6 }),
  fc.constant(Buffer.from('{"reason":"\xff\xfe\x00"}', 'latin1')),
  fc.constant(Buffer.from('{"reason":"a"}', 'utf16le')),
);

const huge: fc.Arbitrary<string> = fc.constantFrom(
  `token=${'a'.repeat(20_000)}`,
  `{"reason":"${'a'.repeat(20_000)}"}`,
  'a&'.repeat(9_000),
  'x'.repeat(300_000),
);

function formOf(fields: readonly string[]): fc.Arbitrary<string> {
  const pair = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .constantFrom(...(fields.length === 0 ? ['form'] : fields))
        .chain((name) => pairOf(name, valueFor(name))),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('__proto__[scope]', 'constructor', 'token[]', 'a[b][c]', '', '%', mark)
        .chain((name) => pairOf(name, hostileText)),
    },
  );
  return fc.array(pair, { minLength: 1, maxLength: Math.max(3, fields.length + 1) }).map((pairs) => pairs.join('&'));
}
const pairOf = (name: string, value: fc.Arbitrary<string>) => encoded(value).map((text) => `${name}=${text}`);

const schoolsCsv = 'School_id,School_name\n1,One\n';
const studentsCsv = 'School_id,Student_id,Last_name,First_name,Student_email\n1,s1,Zqxmark,=1+1,s1@scratch.example\n';
const teachersCsv =
  'School_id,Teacher_id,Last_name,First_name,Teacher_email\n1,t1,Zqxmark,@SUM(1),t1@scratch.example\n';

const fileName = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('schools.csv', 'students.csv', 'teachers.csv', 'sections.csv', 'roster.xlsx'),
  },
  { weight: 1, arbitrary: hostileText },
);
const fileText = fc.oneof(
  fc.constantFrom(schoolsCsv, studentsCsv, teachersCsv, 'PK\x03\x04garbage', '"', 'a,b\n"x'),
  hostileText,
);

const multipart: fc.Arbitrary<Body> = fc
  .tuple(
    fc.array(fc.tuple(fileName, fileText), { maxLength: 5 }),
    fc.boolean(),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    ),
  )
  .map(([files, isRoster, share]) => {
    const all = isRoster
      ? ([
          ['schools.csv', schoolsCsv],
          ['students.csv', studentsCsv],
          ['teachers.csv', teachersCsv],
          ...files.slice(0, 1),
        ] as const)
      : files;
    const text = `${all.map(([name, file]) => `--b\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n${file}\r\n`).join('')}--b--\r\n`;
    const bytes = Buffer.from(text);
    return { type: 'multipart/form-data; boundary=b', bytes: bytes.subarray(0, Math.ceil(bytes.length * share)) };
  });
