// Every person of the demo, from a click in the portal to the page or the product, as people.ts says it ends.

import { demoDistricts } from '../../sandbox/clever/districts.ts';
import { type DemoPerson, demoPeople, demoPerson } from '../../sandbox/clever/people.ts';
import { outcomeCodes } from '../../src/outcome/outcome-codes.ts';
import { readReference } from '../../src/outcome/reference.ts';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { type Answer, bodyOf, type Client, problemAccept } from '../helpers/bridge-client.ts';

const signedIn = demoPeople.filter(({ expectedOutcome }) => expectedOutcome.kind === 'signed-in');
const refused = demoPeople.flatMap((person) =>
  person.expectedOutcome.kind === 'refused'
    ? [
        {
          person,
          key: person.key,
          meets: Object.values(person.expectedOutcome).slice(1).join(' '),
          ...person.expectedOutcome,
        },
      ]
    : [],
);
/** Refused before an id_token identified the user. */
const namelessCodes = ['app_not_shared', 'clever_denied'];

const slugOf = (person: DemoPerson) => demoDistricts.find(({ id }) => id === person.district)?.slug;

describe.each(engines)('every person of the demo, on the %s store', (engine) => {
  let fixture: Fixture;
  const references = new Map<string, string>();

  beforeAll(async () => {
    fixture = await startFixture({ engine });
  });
  afterAll(() => fixture.stop());

  async function arrive(person: DemoPerson, accept?: string): Promise<{ answer: Answer; client: Client }> {
    const client = fixture.browser();
    if (person.start === 'login') {
      await client.open(`${fixture.clever.url}/portal/sign-in?person=${person.id}`);
      return { client, answer: await client.open(`${fixture.publicUrl}/login`, accept ? { accept } : {}) };
    }
    return { client, answer: await client.open(fixture.launchAddress(person.id), accept ? { accept } : {}) };
  }

  it.each(signedIn)('$key reaches the product: $about', async (person) => {
    const role = person.expectedOutcome.kind === 'signed-in' ? person.expectedOutcome.role : '';
    let last: Answer | undefined;
    const lines = await fixture.bridge.signInsDuring(async () => {
      last = (await arrive(person)).answer;
    });
    expect(last && isAtProduct(fixture, last)).toBe(true);
    expect(last?.body).toContain(person.givenName);
    expect(last?.body).toContain(role);
    expect(lines).toMatchObject([{ event: 'sign-in', outcome: 'signed_in', district: slugOf(person) }]);
  });

  it.each(refused)('$key meets $meets', async ({ person, code, difference }) => {
    const problem = Object.entries(outcomeCodes).find(([name]) => name === code)?.[1];
    let page: Answer | undefined;
    const lines = await fixture.bridge.signInsDuring(async () => {
      page = (await arrive(person)).answer;
    });
    expect(page?.status).toBe(problem?.status);
    expect(page?.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(lines).toMatchObject([{ outcome: code, ...(difference ? { difference } : {}) }]);
    const [, shown = ''] =
      /([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z])</.exec(page?.body ?? '') ?? [];
    expect(lines[0]?.['reference']).toBe(readReference(shown));
    for (const one of [person.email, person.familyName, person.id]) if (one) expect(page?.body).not.toContain(one);
    references.set(person.key, shown);

    const { answer } = await arrive(person, problemAccept);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(bodyOf(answer)).toEqual({
      type: expect.stringContaining(code),
      title: expect.any(String),
      status: problem?.status,
      detail: expect.any(String),
      code,
      reference: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$/),
      owner: problem?.owner,
      retryable: problem?.retryable,
      ...(difference === undefined ? {} : { difference }),
    });
    expect(answer.status).toBe(problem?.status);
  });

  it('finds every refused person in the list of attempts by the reference on the page', async () => {
    const { json, exitCode } = await fixture.command('attempts', '--since', '1h', '--limit', '999');
    const attempts = [json['attempts']].flat();
    expect(exitCode).toBe(0);
    for (const { person, key, code } of refused) {
      const isNameless = namelessCodes.includes(code);
      expect(attempts).toContainEqual(
        expect.objectContaining({
          reference: references.get(key),
          code,
          ...(isNameless
            ? {}
            : { clever: expect.objectContaining({ clever_id: person.id, district: person.district }) }),
        }),
      );
    }
  });

  const mismatched = demoPerson('capital');
  it.each<[string, () => string[], number]>([
    ['by its reference as shown', () => ['--reference', references.get('capital') ?? ''], 1],
    [
      'by its reference in any case without the dash',
      () => ['--reference', (references.get('capital') ?? '').replace('-', '').toLowerCase()],
      1,
    ],
    ['by the address Clever sent', () => ['--email', mismatched.email ?? ''], 2],
    ["by the roster's address", () => ['--email', mismatched.rostered[0]?.email ?? ''], 2],
    ['by Clever id', () => ['--clever-id', mismatched.id], 2],
    [
      'by district and code and time',
      () => ['--district', 'juniper-flats', '--code', 'email_mismatch', '--since', '5m'],
      6,
    ],
  ])('finds an attempt %s', async (_how, words, count) => {
    const attempts = [(await fixture.command('attempts', ...words())).json['attempts']].flat();
    expect(attempts).toHaveLength(count);
    expect(attempts).toContainEqual(
      expect.objectContaining({
        reference: references.get('capital'),
        code: 'email_mismatch',
        difference: 'case',
        district: 'juniper-flats',
        clever: expect.objectContaining({ email: mismatched.email }),
      }),
    );
  });

  it('finds nothing by an address that only resembles', async () => {
    const { json, exitCode } = await fixture.command('attempts', '--email', (mismatched.email ?? '').toUpperCase());
    expect([json, exitCode]).toMatchObject([{ attempts: [], people: [] }, 0]);
  });

  it('counts every sign-in once, in the log and in the metrics', async () => {
    const metrics = await (await fetch(`${fixture.bridge.opsUrl}/metrics`)).text();
    const counts = [...metrics.matchAll(/^sso_bridge_sign_ins_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
    const expected = signedIn.length + 2 * refused.length;
    expect(fixture.bridge.signIns()).toHaveLength(expected);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(expected);
    for (const { code } of refused) expect(metrics).toContain(`sso_bridge_sign_ins_total{outcome="${code}"`);
  });
});
