// Checks that a district's published roster is complete: its tables exist, with as many rows as were published, and
// each link has both sides.
import { partitionOf } from '../district/district.ts';
import { type Method, methods } from '../identity/candidate.ts';
import { readShape, scanLines, type TableContext } from '../paged-table/pages.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type Generation, type PublishedRosters, tablesOf } from './published-roster.ts';

interface DistrictCheck {
  /** In the active rosters of all methods. */
  readonly accounts: number;
  readonly links: number;
  /** What is wrong, phrased to follow the district's id. */
  readonly wrong: readonly string[];
}

interface CheckDistrictNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly rosters: Pick<PublishedRosters, 'read'>;
}

export async function checkDistrict(
  { store, vault, rosters }: CheckDistrictNeeds,
  districtId: string,
): Promise<DistrictCheck> {
  const context = { store, vault, partition: partitionOf(vault, districtId) };
  const { published } = await rosters.read(districtId, 0);
  const wrong: string[] = [];
  let accounts = 0;
  for (const method of methods) {
    const { active, former } = published.feeds[method] ?? {};
    if (active !== undefined) accounts += await checkActive(context, method, active, wrong);
    if (former !== undefined && (await findMissing(context, method, former)).length > 0)
      wrong.push(`the former roster by ${method} is not whole: a rollback to it would fail`);
  }
  const links = await checkLinks(context, `links.${published.linkEpoch}`, wrong);
  return { accounts, links, wrong };
}

async function checkActive(
  context: TableContext,
  method: Method,
  { id, report }: Generation,
  wrong: string[],
): Promise<number> {
  const missing = await findMissing(context, method, { id });
  if (missing.length > 0) wrong.push(`the roster by ${method} has lost its ${missing.join(' and ')}: publish it again`);
  const counted = await countLines(context, tablesOf(method, id).accounts);
  const published = Object.values(report.accounts).reduce((sum, count) => sum + count, 0);
  if (counted !== published)
    wrong.push(`the roster by ${method} has ${counted} accounts, and ${published} were published: publish it again`);
  return counted;
}

/** Every table of a generation has a shape, even without rows. */
async function findMissing(context: TableContext, method: Method, { id }: Pick<Generation, 'id'>): Promise<string[]> {
  const { accounts, classes, enrollments } = tablesOf(method, id);
  const shapes = await Promise.all([accounts, classes, enrollments].map((table) => readShape(context, table)));
  return ['accounts', 'classes', 'enrollments'].filter((_name, index) => shapes[index] === undefined);
}

async function countLines(context: TableContext, table: string): Promise<number> {
  let count = 0;
  for await (const lines of scanLines(context, table)) count += lines.length;
  return count;
}

/** The row of a Clever id names an account, whose own row names the Clever id: link-sides.ts. */
async function checkLinks({ store, partition }: TableContext, table: string, wrong: string[]): Promise<number> {
  let links = 0;
  let halves = 0;
  for await (const rows of store.scan(partition, table)) {
    const ofClever = rows.filter(({ id }) => id.startsWith('c.'));
    const partners = ofClever.map(({ value }) => value.toString().split('.')[0] ?? '');
    const sides = await store.get(partners.map((account) => ({ partition, table, id: `a.${account}` })));
    links += ofClever.length;
    halves += ofClever.filter(({ id }, index) => sides[index]?.toString().split('.')[0] !== id.slice(2)).length;
  }
  if (halves > 0)
    wrong.push(
      `${halves} of ${links} links have one side only: their users get identity_changed until the links are released`,
    );
  return links;
}
