// docs/security.md stays true: every test it names is there under that title, and no requirement is passed over.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/security.md', 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
const named = [...page.matchAll(/`(test\/[\w./-]+\.ts)` “([^”]+)”/g)].map(([, file = '', title = '']) => [file, title]);

/** How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has from its first on, and those of level 3 between. */
const asvs: Readonly<Record<string, number>> = {
  '1.1': 2,
  '1.2': 9,
  '1.3': 11,
  '1.4': 3,
  '1.5': 2,
  '2.1': 3,
  '2.2': 3,
  '2.3': 4,
  '2.4': 1,
  '3.2': 2,
  '3.3': 4,
  '3.4': 6,
  '3.5': 5,
  '3.7': 2,
  '4.1': 3,
  '4.2': 1,
  '4.3': 2,
  '4.4': 4,
  '5.1': 1,
  '5.2': 3,
  '5.3': 2,
  '5.4': 3,
  '6.1': 3,
  '6.2': 12,
  '6.3': 4,
  '6.4': 4,
  '6.5': 5,
  '6.6': 3,
  '6.8': 4,
  '7.1': 3,
  '7.2': 4,
  '7.3': 2,
  '7.4': 5,
  '7.5': 2,
  '7.6': 2,
  '8.1': 2,
  '8.2': 3,
  '8.3': 1,
  '8.4': 1,
  '9.1': 3,
  '9.2': 4,
  '10.1': 2,
  '10.2': 2,
  '10.3': 4,
  '10.4': 11,
  '10.5': 5,
  '10.6': 2,
  '10.7': 3,
  '11.1': 2,
  '11.2': 3,
  '11.3': 3,
  '11.4': 4,
  '11.5': 1,
  '11.6': 1,
  '12.1': 3,
  '12.2': 2,
  '12.3': 4,
  '13.1': 1,
  '13.2': 5,
  '13.3': 2,
  '13.4': 5,
  '14.1': 2,
  '14.2': 4,
  '14.3': 3,
  '15.1': 3,
  '15.2': 3,
  '15.3': 7,
  '16.1': 1,
  '16.2': 5,
  '16.3': 4,
  '16.4': 3,
  '16.5': 3,
};
const required = Object.entries(asvs).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, index) => `V${section}.${index + 1}`),
);

describe('docs/security.md', () => {
  it('names tests that are there, by their titles', () => {
    expect(named.length).toBeGreaterThan(200);
    const missing = named.filter(
      ([file = '', title = '']) =>
        !existsSync(file) || !readFileSync(file, 'utf8').replaceAll("\\'", "'").includes(title),
    );
    expect(missing).toEqual([]);
  });

  it('has one line for every requirement of ASVS 5.0.0, levels 1 and 2, that is about what the bridge is', () => {
    const listed = rows.flatMap((row) => row.split(' | ')[0]?.match(/V\d+\.\d+\.\d+/g) ?? []);
    expect(new Set(listed).size).toBe(listed.length);
    expect(required.filter((id) => !listed.includes(id))).toEqual([]);
  });

  it('has one line for every incident', () => {
    const listed = rows.flatMap((row) => /^\| (S\d+) \|/.exec(row)?.[1] ?? []);
    expect(listed).toEqual(Array.from({ length: 24 }, (_, index) => `S${index + 1}`));
  });

  it('says of every line without a test that it does not apply, is not met, or why there is none', () => {
    const bare = rows.filter((row) => row.endsWith('| — |'));
    const excuse = /N\/A|Not met|No test|no rule|operator's|"Packages"/;
    expect(bare.filter((row) => !excuse.test(row))).toEqual([]);
  });

  it('links to pages that are there', () => {
    const links = [...page.matchAll(/\]\(([\w./-]+)\)/g)].map(([, link = '']) => link);
    const pages = new Set(
      ['docs', 'docs/reports'].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`)),
    );
    expect(links.filter((link) => !pages.has(`docs/${link}`))).toEqual([]);
  });
});
