// What the pages name is there: every relative link, every path of the repository, and every decision in the index.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...pagesBelow('docs'),
  ...pagesBelow('deploy'),
  ...pagesBelow('examples'),
];
const decisions = readdirSync('docs/adr').filter((name) => /^\d{4}-.*\.md$/.test(name));

/** Decisions name files as they were when they were taken: only their links are held. */
const isDecision = (page: string): boolean => decisions.includes(basename(page));

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

function linksOf(page: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .map((target) => join(dirname(page), target.replace(/#.*/, '')));
}

/** Paths like `src/roster/publish.ts`, in code marks; a pattern such as `test/<folder>` or `src/*.ts` names no one file. */
function pathsOf(text: string): string[] {
  return [...text.matchAll(/`((?:src|test|bench|sandbox|scripts|config|deploy|examples|docs)\/[\w./-]*\w\/?)`/g)].map(
    ([, path = '']) => path,
  );
}

function findMissing(page: string, text: string): string[] {
  const named = [...linksOf(page, text), ...(isDecision(page) ? [] : pathsOf(text))];
  return [...new Set(named)].filter((path) => !existsSync(path)).map((path) => `${page}: ${path}`);
}

describe('the pages', () => {
  it.each(pages)('%s names files that are there', (page) => {
    expect(findMissing(page, readFileSync(page, 'utf8'))).toEqual([]);
  });

  it('are read for what they name: a planted link and a planted path are missed', () => {
    const planted = 'See [there](nowhere.md#part), [here](contract.md) and `src/nowhere.ts`, `src/main.ts`.';
    expect(findMissing('docs/planted.md', planted)).toEqual([
      'docs/planted.md: docs/nowhere.md',
      'docs/planted.md: src/nowhere.ts',
    ]);
  });

  it('index every decision, with status and date', () => {
    const rows = readFileSync('docs/adr/README.md', 'utf8').matchAll(
      /^\| \[\d+\]\((\d{4}-[\w-]+\.md)\) \| .+ \| (?:accepted|superseded by \d+) \| \d{4}-\d\d-\d\d \|$/gm,
    );
    expect([...rows].map(([, file]) => file).sort()).toEqual(decisions.sort());
  });

  it('name every folder of src in their list of levels: README and decision 1', () => {
    const folders = readdirSync('src', { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? entry.name : [],
    );
    const readme = readFileSync('README.md', 'utf8').split('## Layout')[1] ?? '';
    expect(folders.filter((folder) => !readme.includes(`${folder}/`))).toEqual([]);
    const decision = readFileSync('docs/adr/0001-layout-and-direction-of-dependencies.md', 'utf8');
    expect(folders.filter((folder) => !decision.includes(`\`${folder}\``))).toEqual([]);
  });

  it('name no folder in the levels that does not exist', () => {
    const readme = readFileSync('README.md', 'utf8').split('## Layout')[1]?.split('```')[1] ?? '';
    const named = [...readme.matchAll(/(?<=\s)([\w-]+)\/(?=\s)/g)].map(([, folder = '']) => folder);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((folder) => !existsSync(join('src', folder)))).toEqual([]);
  });

  it('keep README to what a newcomer reads', () => {
    expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(151);
  });
});
