import { cleverFiles } from '../../src/formats/clever-csv/clever-files.ts';
import { normaliseWord, readHeader } from '../../src/formats/read-header.ts';

const students = cleverFiles.find(({ name }) => name === 'students')?.columns ?? [];
const place = { file: 'students.csv', line: 1 };
const spec = ['School_id', 'Student_id', 'First_name', 'Last_name', 'Student_email'];

describe('normaliseWord', () => {
  it.each(['School_id', 'School id', 'SCHOOL-ID', ' school  Id\t', '\ufeffSchool_Id'])(
    'reads %j as school_id',
    (text) => {
      expect(normaliseWord(text)).toBe('school_id');
    },
  );
});

describe('readHeader', () => {
  it('keeps the index and the text as the district wrote it, in any order', () => {
    const reading = readHeader(['GRADE', 'Password', ...spec.toReversed(), ''], students, place);
    if (reading.kind === 'flawed') throw new Error('flawed');
    expect(reading.header.get('sisId')).toEqual([{ index: 5, text: 'Student_id' }]);
    expect(reading.header.get('grade')).toEqual([{ index: 0, text: 'GRADE' }]);
    expect([...reading.header.values()].flat().map(({ text }) => text)).not.toContain('Password');
  });

  it('accepts Email_address for the student mail column', () => {
    const reading = readHeader([...spec.slice(0, 4), 'Email_address'], students, place);
    expect(reading).toMatchObject({ kind: 'header' });
  });

  it('keeps every name that is there, the canonical one first', () => {
    const reading = readHeader(['Email_address', ...spec], students, place);
    expect(reading.kind === 'header' && reading.header.get('email')?.map(({ text }) => text)).toEqual([
      'Student_email',
      'Email_address',
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'reads no column of %j, which every object has',
    (name) => {
      const reading = readHeader([name, ...spec, name], students, place);
      if (reading.kind === 'flawed') throw new Error('flawed');
      expect([...reading.header.values()].flat().map(({ text }) => text)).toEqual(expect.not.arrayContaining([name]));
      expect(reading.header.get('sisId')).toEqual([{ index: 2, text: 'Student_id' }]);
    },
  );

  it('names every missing required column by its canonical name', () => {
    const reading = readHeader(['student id', 'first name', 'last name'], students, place);
    expect(reading).toEqual({
      kind: 'flawed',
      known: 3,
      findings: ['School_id', 'Student_email'].map((column) => {
        return { kind: 'finding', severity: 'error', code: 'column_missing', place: { file: 'students.csv', column } };
      }),
    });
  });

  it('refuses a column that occurs twice', () => {
    const reading = readHeader([...spec, 'student email'], students, place);
    const finding = {
      kind: 'finding',
      severity: 'error',
      code: 'column_twice',
      place: { ...place, column: 'Student_email' },
    };
    expect(reading).toMatchObject({ kind: 'flawed', findings: [finding] });
  });

  it('lets an unread column occur twice', () => {
    expect(readHeader([...spec, 'Race', 'Race'], students, place).kind).toBe('header');
  });
});
