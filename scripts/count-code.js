// The figures of docs/architecture.md, of the tree or of a commit: node scripts/count-code.js [COMMIT]
// Files, lines and functions of src, read from the syntax tree; imports against the order of the levels; the largest circle
// of folders. The table of levels is that of test/architecture/levels.test.ts, so an earlier commit is judged by its own
// folders: a folder without a level counts as not ordered and is listed.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from '@swc/core';

const commit = process.argv[2];
const git = (...words) => execFileSync('git', words, { encoding: 'utf8', maxBuffer: 1 << 28 });
const names = (commit ? git('ls-tree', '-r', '--name-only', commit, 'src') : git('ls-files', 'src'))
  .split('\n')
  .filter((name) => /\.tsx?$/.test(name));
const texts = new Map(
  names.map((name) => [name, commit ? git('show', `${commit}:${name}`) : readFileSync(name, 'utf8')]),
);

const linesOf = (text) => text.split('\n').length - 1;
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const inOrder = (numbers) => numbers.toSorted((one, other) => one - other);
const describe = (numbers) => {
  const sorted = inOrder(numbers);
  return { median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9), longest: sorted.at(-1) };
};

const kinds = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'Constructor',
]);

/** Lines of every function with a block for a body; a function inside another counts in both. */
function functionLengths(name, text) {
  // Spans count on from file to file: the statement put before the text is where this one begins.
  const bytes = Buffer.from(`;${text.replace(/^#!/, '//')}`);
  const { body } = parseSync(bytes.toString(), { syntax: 'typescript', tsx: name.endsWith('.tsx') });
  const start = body[0].span.start;
  const lengths = [];
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    const { span, body: block } = node.function ?? node;
    if (kinds.has(node.type) && /Body$|^BlockStatement$/.test(block?.type))
      lengths.push(
        bytes
          .subarray(span.start - start, span.end - start)
          .toString()
          .split('\n').length,
      );
    Object.values(node).forEach(visit);
  };
  visit(body);
  return lengths;
}

function importsOf(name, text) {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    .map(([, path]) => join(dirname(name), path))
    .filter((target) => texts.has(target));
}

const folderOf = (name) => (name.split('/').length === 2 ? '.' : name.split('/')[1]);
const table = readFileSync('test/architecture/levels.test.ts', 'utf8').match(/const levels[^{]*\{([^}]*)\}/)?.[1] ?? '';
const levels = new Map(
  [...table.matchAll(/'?([\w.-]+)'?: (\d+)/g)].map(([, folder, level]) => [folder, Number(level)]),
);

const edges = [...texts].flatMap(([name, text]) => importsOf(name, text).map((target) => [name, target]));
const between = edges.filter(([from, to]) => folderOf(from) !== folderOf(to));
const against = between.filter(
  ([from, to]) => !((levels.get(folderOf(to)) ?? Number.NaN) < (levels.get(folderOf(from)) ?? Number.NaN)),
);

/** Files in the largest set of folders that reach each other. */
function filesInLargestCircle() {
  const folders = [...new Set(names.map(folderOf))];
  const reach = new Map(folders.map((folder) => [folder, new Set()]));
  for (const [from, to] of between) reach.get(folderOf(from)).add(folderOf(to));
  for (const middle of folders)
    for (const from of folders)
      if (reach.get(from).has(middle)) for (const to of reach.get(middle)) reach.get(from).add(to);
  const circleOf = (folder) => folders.filter((other) => reach.get(folder).has(other) && reach.get(other).has(folder));
  return Math.max(...folders.map((folder) => names.filter((name) => circleOf(folder).includes(folderOf(name))).length));
}

const functions = [...texts].flatMap(([name, text]) => functionLengths(name, text));
const files = [...texts.values()].map(linesOf);
const figures = {
  files: files.length,
  lines: files.reduce((sum, lines) => sum + lines, 0),
  fileLines: describe(files),
  functions: functions.length,
  functionLines: describe(functions),
  functionsOver60: functions.filter((lines) => lines > 60).length,
  functionsOver100: functions.filter((lines) => lines > 100).length,
  importsBetweenFolders: between.length,
  importsAgainstTheOrder: against.length,
  filesInTheLargestCircleOfFolders: filesInLargestCircle(),
  foldersWithoutALevel: [...new Set(names.map(folderOf))].filter((folder) => !levels.has(folder)),
};
process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
