// Links are carried over for people who have another id: the person reaches the new account, and no one the former one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedItem } from '../../src/formats/feed.ts';
import { readIdMap } from '../../src/formats/id-map.ts';
import { openRegularFile } from '../../src/formats/roster-files.ts';
import type { Method } from '../../src/identity/candidate.ts';
import { accountIdOf } from '../../src/roster/account.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { feed, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening } from '../sign-in/decider.ts';

const said = { by: 'command', reason: 'new SIS' };

describe.each(engines)('moving links in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  let clock: MovableClock;
  let folder: string;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    clock = createClock();
    services = await createServices(await storeFixture.place().open(clock), clock);
    await services.districts.put({ ...juniper, rostering: ['sftp', 'manual'] });
    folder = mkdtempSync(join(tmpdir(), 'id-map-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  afterAll(() => storeFixture.stop());

  async function publish(rows: readonly FeedItem[], method: Method = 'sftp'): Promise<void> {
    clock.advance(1000);
    const result = await services.publisher.publish(juniper.id, method, feed(...rows), { approve: true });
    expect(result.kind).toBe('published');
  }

  /** The account that the person of a student's address is signed in to, or the code. */
  async function signIn(id: string, change: Record<string, unknown> = {}): Promise<string> {
    const claims = claimsOf({ email: `student.${id}@juniper.example`, sub: `clever-of-${id}`, ...change });
    const outcome = await createDecider(services)(claims, opening);
    return outcome.kind === 'refused' ? outcome.code : outcome.claims.sub;
  }

  const account = (sisId: string, record: 'student' | 'teacher' = 'student') =>
    accountIdOf(services.vault, juniper.id, record, sisId);
  const renumbered = (count: number) => students(count).map((row) => ({ ...row, sisId: `9${row.sisId}` }));
  const move = (from: string, to: string) => services.moveLinks.one(juniper.id, from, to, said);

  async function moveBy(text: string) {
    writeFileSync(join(folder, 'ids.csv'), text);
    const opened = await openRegularFile(folder, 'ids.csv');
    if (opened === undefined) throw new Error('not written');
    return services.moveLinks.byMap(juniper.id, readIdMap(opened), said).finally(opened.close);
  }

  it.each<[string, (sisId: string) => string]>([
    ['account ids', (sisId) => account(sisId)],
    ['SIS ids', (sisId) => sisId],
  ])('by %s: the person reaches the new account, and the former sessions end', async (_name, idOf) => {
    await publish(students(2));
    expect(await signIn('s0')).toBe(account('s0'));
    await publish(renumbered(2));
    expect(await signIn('s0')).toBe('identity_changed');
    const from = account('s0');
    expect(await move(idOf('s0'), idOf('9s0'))).toEqual({
      kind: 'moved',
      from,
      to: account('9s0'),
      hasOtherName: false,
    });
    expect(await signIn('s0')).toBe(account('9s0'));
    expect(await move(idOf('s0'), idOf('9s0'))).toMatchObject({ kind: 'moved_before' });
    expect(await services.auditLog.list(juniper.id, 5)).toContainEqual(
      expect.objectContaining({
        action: 'link_moved',
        by: 'command',
        from,
        account: account('9s0'),
        reason: 'new SIS',
      }),
    );
    expect(await signIn('s0', { sub: 'someone-else' })).toBe('identity_changed');
  });

  it('no one comes into the former account, should its id return, until its link is released', async () => {
    await publish(students(1));
    await signIn('s0');
    await publish(renumbered(1));
    await move('s0', '9s0');
    await publish([...renumbered(1), student({ sisId: 's0', email: 'student.new@juniper.example' })]);
    expect(await signIn('new')).toBe('identity_changed');
    expect(await services.releaseLinks.ofAccount(juniper.id, account('s0'), said)).toBe(true);
    expect(await signIn('new')).toBe(account('s0'));
    expect(await signIn('s0')).toBe(account('9s0'));
  });

  it('can be moved back, after a rollback', async () => {
    await publish(students(1));
    await signIn('s0');
    await publish(renumbered(1));
    await move('s0', '9s0');
    await services.publisher.rollback(juniper.id, 'sftp');
    expect(await signIn('s0')).toBe('identity_changed');
    expect(await move(account('9s0'), 's0')).toMatchObject({ kind: 'moved' });
    expect(await signIn('s0')).toBe(account('s0'));
  });

  it('refuses what is not known, not linked, or another person’s', async () => {
    await publish([...students(3), teacher({ sisId: 't0' })]);
    await signIn('s0');
    await signIn('s1');
    expect(await move('s0', 'nobody')).toEqual({ kind: 'refused', code: 'account_unknown' });
    expect(await move('s2', 's1')).toEqual({ kind: 'refused', code: 'not_linked' });
    expect(await move('s0', 's1')).toEqual({ kind: 'refused', code: 'target_linked' });
    expect(await move('s0', 't0')).toEqual({ kind: 'refused', code: 'kinds_differ' });
    expect(await move('s0', 's0')).toEqual({ kind: 'refused', code: 'same_account' });
    expect(await signIn('s0')).toBe(account('s0'));
    expect(await signIn('s1')).toBe(account('s1'));
    expect(await move('s0', 's2')).toMatchObject({ kind: 'moved', hasOtherName: true });
  });

  it('refuses an id of a student and an employee; their account ids do', async () => {
    await publish([student({ sisId: '7' }), teacher({ sisId: '7' })]);
    expect(await signIn('7')).toBe(account('7'));
    const email = 'teacher.7@juniper.example';
    expect(await signIn('7', { sub: 'clever-of-t7', user_type: 'teacher', email })).toBe(account('7', 'teacher'));
    await publish([student({ sisId: '8' }), teacher({ sisId: '8' })]);
    expect(await move('7', '8')).toEqual({ kind: 'refused', code: 'id_of_several' });
    expect(await move(account('7', 'teacher'), account('8', 'teacher'))).toMatchObject({ kind: 'moved' });
  });

  it('applies a list row by row, and again without effect', async () => {
    await publish(students(5));
    for (const id of ['s0', 's1', 's2']) await signIn(id);
    await publish(renumbered(5));
    await signIn('s4');
    const text = [
      'Name;Old ID;New ID',
      'a;s0;9s0',
      'b;s1;9s1',
      'c;s2;9s0',
      'd;s3;9s3',
      'e;s1;',
      'f;1.2E+11;9s4',
      'g;s2;x',
    ].join('\r\n');
    const rows = [
      { line: 4, code: 'target_linked' },
      { line: 6, code: 'cells_missing' },
      { line: 7, code: 'digits_lost' },
      { line: 8, code: 'account_unknown' },
    ];
    expect(await moveBy(text)).toEqual({ moved: 2, moved_before: 0, not_linked: 1, refused: 4, rows });
    expect(await moveBy(text)).toMatchObject({ moved: 0, moved_before: 2, not_linked: 1, refused: 4 });
    expect(await signIn('s0')).toBe(account('9s0'));
    expect(await signIn('s1')).toBe(account('9s1'));
    expect(await signIn('s2')).toBe('identity_changed');
    expect(await services.auditLog.list(juniper.id, 9)).toContainEqual(
      expect.objectContaining({ action: 'links_moved', moved: 2, refused: 4, reason: 'new SIS' }),
    );
  });

  it.each<[string, string, object]>([
    ['two columns without a header', 's0,9s0\n', { moved: 1, refused: 0 }],
    ['a tab between them', 'old\tnew\ns0\t9s0\n', { moved: 1, refused: 0 }],
    [
      'a byte order mark, quotes and spaces',
      '\ufeff"from_sis_id","to_sis_id"\n" s0 ","9s0"\n',
      { moved: 1, refused: 0 },
    ],
    ['newId and oldId the other way round', 'newId,oldId\n9s0,s0\n', { moved: 1, refused: 0 }],
    [
      'columns without a meaning',
      'a,b,c\ns0,9s0,x\n',
      { moved: 0, refused: 1, rows: [{ line: 1, code: 'columns_unknown' }] },
    ],
    ['one column', 's0\n', { moved: 0, refused: 1, rows: [{ line: 1, code: 'columns_unknown' }] }],
  ])('reads a list with %s', async (_name, text, count) => {
    await publish(students(1));
    await signIn('s0');
    await publish(renumbered(1));
    expect(await moveBy(text)).toMatchObject(count);
  });
});
