// Writes docs/licences.md: every package that runs in production, its version and its licence. Fails if one has a licence
// that is not on the list below. Run it after every change of a dependency; with --check it writes nothing and fails if the
// page is not what it would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { readSbom } from './read-sbom.js';

/** Licences that ask for no more than their own text beside the copy. */
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']);

/** Optional builds for other machines whose manifest npm could not read while locking: the licence is their family's. */
const families = new Map([['@msgpackr-extract/', 'msgpackr-extract']]);

/** Packages whose licence stands in their Readme and not in their manifest. */
const inReadme = new Map([['only', 'MIT']]);

const { components } = readSbom();

function licenceOf({ name, licenses = [] }) {
  const declared = licenses
    .map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '?')
    .join(' AND ');
  if (declared !== '') return declared;
  const stated = inReadme.get(name);
  if (stated !== undefined) return stated;
  const family = [...families].find(([prefix]) => name.startsWith(prefix))?.[1];
  const head = components.find((each) => each.name === family);
  return head === undefined ? '?' : licenceOf(head);
}

const rows = components
  .map((each) => ({ name: each.name, version: each.version, licence: licenceOf(each) }))
  .sort((one, other) =>
    one.name < other.name ? -1 : one.name > other.name ? 1 : one.version < other.version ? -1 : 1,
  );

const refused = rows.filter(({ licence }) => !allowed.has(licence));
for (const { name, version, licence } of refused)
  process.stderr.write(`${name}@${version} has the licence ${licence}\n`);
if (refused.length > 0) process.exit(1);

const page = `# Licences

Every package that runs in production, those for other platforms included, in the version that \`package-lock.json\` pins.
Written by \`node scripts/list-licences.js\`; a package with any other licence than ${[...allowed].slice(0, -1).join(', ')}
or ${[...allowed].at(-1)} is refused. The build writes the same with hashes to \`dist/sbom.cdx.json\` (CycloneDX). Their code is
in \`dist/bridge\`, which therefore goes with \`node_modules\`: the text of each licence lies in the package's own folder there.

| package | version | licence |
| --- | --- | --- |
${rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`).join('\n')}
`;

const file = new URL('../docs/licences.md', import.meta.url);
if (!process.argv.includes('--check')) writeFileSync(file, page);
else if (readFileSync(file, 'utf8') !== page) {
  process.stderr.write('docs/licences.md is not up to date: node scripts/list-licences.js\n');
  process.exit(1);
}
