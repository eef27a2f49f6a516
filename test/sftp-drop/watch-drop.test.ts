// What becomes of an upload, on both engines: settled, taken whole, published once, reported, cleared away.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DropWatcher } from '../../src/sftp-drop/watch-drop.ts';
import { until } from '../helpers/bridge-process.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { makeDrop, rosterOf, type TestDrop } from '../helpers/drop.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';

const id = 'quince';

describe.each(engines)('the drop on $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let services: TestServices;
  let drop: TestDrop;
  let clock: MovableClock;

  beforeAll(async () => {
    storeFixture = await start();
  });

  afterAll(() => storeFixture.stop());

  beforeEach(async () => {
    clock = createClock();
    place = storeFixture.place();
    services = await createServices(await place.open(), clock);
    await services.districts.put({ id, cleverId: 'a'.repeat(24), name: 'Quince', rostering: ['sftp'] });
    drop = makeDrop();
    drop.makeDistrict(id);
  });

  afterEach(() => drop.stop());

  /** Looks until the drop is empty and nothing is in work. */
  async function workOff(watcher: DropWatcher): Promise<void> {
    await until(async () => {
      await watcher.check();
      const left = drop.names('.work', id).filter((name) => !name.startsWith('kept-'));
      return drop.names(id, 'incoming').length + left.length === 0;
    }, 'the drop to be worked off');
  }

  /** A store's folder is its user's alone, and this process changes its user. */
  function letAnyUserPass({ url }: Place): void {
    const folder = /^embedded:(.*)$/.exec(url)?.[1];
    if (folder !== undefined) for (const path of [folder, dirname(folder)]) chmodSync(path, 0o711);
  }

  const trail = async () => (await services.auditLog.list(id, 50)).map(({ action }) => action);
  const students = async () =>
    (await services.rosters.read(id, 0)).published.feeds.sftp?.active?.report.accounts.student;

  it('publishes an upload, leaves the report and removes the files', async () => {
    drop.upload(id, rosterOf(3));
    await workOff(drop.watcher(services));
    expect(await students()).toBe(3);
    expect(drop.names(id, 'outgoing')).toEqual(['report.json', 'report.txt']);
    expect(drop.report(id)).toMatchObject({ district: id, result: 'published', accounts: { student: 3 } });
    expect(drop.names('.work', id)).toEqual([]);
  });

  it('records who published what, by the digests of the files', async () => {
    drop.upload(id, { 'teachers.csv': '', ...rosterOf(1) });
    await workOff(drop.watcher(services));
    const [entry] = await services.auditLog.list(id, 1);
    const sums = execFileSync('sha256sum', { input: rosterOf(1)['students.csv'] })
      .toString()
      .slice(0, 64);
    expect(entry).toMatchObject({ action: 'roster_published', by: 'sftp', 'sha256 students.csv': sums, students: 1 });
    expect(drop.report(id)['sha256']).toBe(entry?.['sha256']);
    expect(drop.logged.at(-1)).toMatchObject({ event: 'roster-published', district: id, students: 1 });
  });

  it('waits while a file grows, however slowly', async () => {
    const watcher = drop.watcher(services);
    drop.upload(id, { ...rosterOf(2), 'students.csv': 'School_id,' });
    const whole = rosterOf(2)['students.csv'] ?? '';
    for (let at = 10; at < whole.length; at += 12) {
      appendFileSync(join(drop.incoming(id), 'students.csv'), whole.slice(at, at + 12));
      await sleep(20);
      await watcher.check();
      expect(drop.names('.work', id)).toEqual([]);
    }
    await workOff(watcher);
    expect(await students()).toBe(2);
    expect(await trail()).toEqual(['roster_published']);
  });

  it('waits while a name says that the file is not whole, and takes it when it has its own', async () => {
    const watcher = drop.watcher(services, { times: { abandonedMs: 60_000 } });
    const { 'students.csv': text = '', ...others } = rosterOf(2);
    drop.upload(id, { ...others, 'students.csv.filepart': text });
    for (let check = 0; check < 10; check += 1) {
      await watcher.check();
      await sleep(20);
    }
    expect(drop.names('.work', id)).toEqual([]);
    renameSync(join(drop.incoming(id), 'students.csv.filepart'), join(drop.incoming(id), 'students.csv'));
    await workOff(watcher);
    expect(await students()).toBe(2);
    expect(await trail()).toEqual(['roster_published']);
  });

  it('refuses a set with a file that was begun and never finished, since other files may be missing too', async () => {
    drop.upload(id, { ...rosterOf(2), 'enrollments.csv.part': 'School_id' });
    await workOff(drop.watcher(services));
    expect(drop.report(id)).toMatchObject({
      result: 'refused',
      findings: [{ code: 'upload_unfinished', file: 'enrollments.csv.part' }],
    });
  });

  it('publishes a second upload after the first, and holds it if it would lock people out', async () => {
    const watcher = drop.watcher(services, {
      onStep: async (step) => {
        if (step === 'sealed' && drop.names(id, 'incoming').length === 0 && (await trail()).length === 0) {
          drop.upload(id, rosterOf(1));
        }
      },
    });
    drop.upload(id, rosterOf(20));
    await workOff(watcher);
    expect(await trail()).toEqual(['roster_held', 'roster_published']);
    expect(await students()).toBe(20);
    expect(drop.report(id)).toMatchObject({ result: 'held', held: [{ kind: 'student', removed: 19 }] });
    expect(drop.names('.work', id)).toEqual([expect.stringMatching(/^kept-/)]);
  });

  it('keeps a refused set for seven days', async () => {
    const watcher = drop.watcher(services, { clock });
    drop.upload(id, { 'students.csv': 'nothing of use' });
    await workOff(watcher);
    expect(drop.report(id)).toMatchObject({ result: 'refused', code: 'errors_found' });
    const [kept = ''] = drop.names('.work', id);
    expect(drop.names('.work', id, kept, 'set')).toEqual(['manifest.json', 'students.csv']);
    clock.advance(7 * 86_400 - 60);
    await watcher.check();
    expect(drop.names('.work', id)).toEqual([kept]);
    clock.advance(120);
    await watcher.check();
    expect(drop.names('.work', id)).toEqual([]);
  });

  it('writes no value of a cell, in no report and no log', async () => {
    const { 'students.csv': text = '' } = rosterOf(30);
    const flawed = `${text}1,Q1,Qother,Qname,Qother@x.example,5\n,,Qnobody,,Q nobody@x,\n1,Q2,Q"uote,Q,Q,5\n`;
    drop.upload(id, { ...rosterOf(1), 'students.csv': flawed, 'schools.csv': 'Qa,Qb\nQ1,Q2\n' });
    await workOff(drop.watcher(services));
    expect(drop.report(id)).toMatchObject({ result: 'refused' });
    const said = ['report.txt', 'report.json'].map((name) =>
      execFileSync('cat', [join(drop.folder, id, 'outgoing', name)]).toString(),
    );
    expect(said.join('')).not.toMatch(/Q|quince\.example/);
    expect(JSON.stringify([drop.logged, await services.auditLog.list(id, 9)])).not.toMatch(/Q|quince\.example/);
  });

  const inIncoming = (name: string) => join(drop.incoming(id), name);
  it.each<[string, () => void, object]>([
    ['a link', () => symlinkSync('/etc/passwd', inIncoming('staff.csv')), { code: 'not_a_file', file: 'staff.csv' }],
    ['a folder', () => mkdirSync(inIncoming('export')), { code: 'not_a_file', file: 'export' }],
    ['a pipe', () => execFileSync('mkfifo', [inIncoming('staff.csv')]), { code: 'not_a_file', file: 'staff.csv' }],
    [
      'a file too large',
      () => truncateSync(makeFile('staff.csv'), 3_000),
      { code: 'file_too_large', file: 'staff.csv' },
    ],
    [
      'files too large together',
      () => ['staff.csv', 'sections.csv', 'a', 'b'].map((name) => truncateSync(makeFile(name), 1_900)),
      { code: 'set_too_large', file: 'incoming' },
    ],
    ['a name with a line break', () => mkdirSync(inIncoming('a\n\u001b[2Jb')), { code: 'not_a_file', file: 'a??[2Jb' }],
  ])('refuses a set with %s and reads nothing of it', async (_name, plant, finding) => {
    drop.upload(id, rosterOf(2));
    plant();
    await workOff(drop.watcher(services, { limits: { fileBytes: 2_000, setBytes: 6_000 } }));
    expect(drop.report(id)).toMatchObject({ result: 'refused', finding_counts: expect.anything() });
    expect(drop.report(id)['findings']).toContainEqual(expect.objectContaining({ severity: 'error', ...finding }));
    expect(await students()).toBeUndefined();
    expect(JSON.stringify(drop.logged)).not.toMatch(/passwd|export|\\n|\\u001b/);
  });

  function makeFile(name: string): string {
    writeFileSync(inIncoming(name), '');
    return inIncoming(name);
  }

  it('publishes beside a file that is none of a roster, and says so', async () => {
    drop.upload(id, { ...rosterOf(2), 'attendance.csv': 'Q', '.DS_Store': 'Q' });
    const watcher = drop.watcher(services);
    await until(async () => {
      await watcher.check();
      return (await trail()).length > 0;
    }, 'a publish');
    await watcher.check();
    expect(drop.report(id)).toMatchObject({
      result: 'published',
      findings: [{ severity: 'warning', code: 'file_not_used', file: 'attendance.csv' }],
    });
    expect(drop.names(id, 'incoming')).toEqual(['.DS_Store']);
  });

  it('publishes beside files of OneRoster that are left unread on purpose, and takes them away without a word', async () => {
    drop.upload(id, { ...rosterOf(2), 'demographics.csv': 'Q', 'LineItems.csv': 'Q' });
    const watcher = drop.watcher(services);
    await until(async () => {
      await watcher.check();
      return (await trail()).length > 0;
    }, 'a publish');
    await watcher.check();
    expect(drop.report(id)).toMatchObject({ result: 'published', findings: [] });
    expect(drop.names(id, 'incoming')).toEqual([]);
  });

  it.each(['__MACOSX', 'Thumbs.db', 'desktop.ini'])('publishes beside %s, which a system has added', async (name) => {
    drop.upload(id, rosterOf(2));
    mkdirSync(inIncoming(name));
    const watcher = drop.watcher(services);
    await until(async () => {
      await watcher.check();
      return (await trail()).length > 0;
    }, 'a publish');
    await watcher.check();
    expect(drop.report(id)).toMatchObject({ result: 'published', findings: [] });
    expect(drop.names(id, 'incoming')).toEqual([name]);
  });

  it('refuses a folder of more than a thousand files once, takes none, and comes back when they are gone', async () => {
    drop.upload(id, rosterOf(2));
    for (let file = 0; file < 1_000; file += 1) makeFile(`empty-${file}.csv`);
    await services.districts.put({ id: 'neighbour', cleverId: 'c'.repeat(24), name: 'N', rostering: ['sftp'] });
    drop.makeDistrict('neighbour');
    drop.upload('neighbour', rosterOf(1));
    const watcher = drop.watcher(services);
    await until(async () => {
      await watcher.check();
      return (await services.auditLog.list('neighbour', 9)).length > 0;
    }, 'the neighbour to be published');
    await watcher.check();
    expect(drop.report(id)).toMatchObject({
      result: 'refused',
      files: [],
      findings: [{ severity: 'error', code: 'too_many_files', file: 'incoming' }],
    });
    expect(await trail()).toEqual(['roster_refused']);
    expect(drop.names(id, 'incoming')).toHaveLength(1_003);
    for (let file = 0; file < 1_000; file += 1) rmSync(inIncoming(`empty-${file}.csv`));
    await workOff(watcher);
    expect(await trail()).toEqual(['roster_published', 'roster_refused']);
    expect(await students()).toBe(2);
  });

  it('leaves folders of others alone, with one warning each', async () => {
    await services.districts.put({ id: 'by-hand', cleverId: 'b'.repeat(24), name: 'B', rostering: ['manual'] });
    for (const folder of ['by-hand', 'stranger', 'A\nB']) {
      drop.makeDistrict(folder);
      drop.upload(folder, rosterOf(1));
    }
    const watcher = drop.watcher(services);
    for (let check = 0; check < 8; check += 1) {
      await watcher.check();
      await sleep(20);
    }
    expect(drop.logged).toEqual([
      { event: 'drop-left-alone', district: '(another name)', reason: 'unknown_district' },
      { event: 'drop-left-alone', district: 'by-hand', reason: 'not_by_sftp' },
      { event: 'drop-left-alone', district: 'stranger', reason: 'unknown_district' },
    ]);
    expect(drop.names('stranger', 'incoming')).toHaveLength(3);
  });

  it('takes up a district that becomes known', async () => {
    drop.makeDistrict('late');
    drop.upload('late', rosterOf(1));
    const watcher = drop.watcher(services);
    await watcher.check();
    await services.districts.put({ id: 'late', cleverId: 'c'.repeat(24), name: 'L', rostering: ['sftp'] });
    await until(async () => {
      await watcher.check();
      return drop.names('late', 'outgoing').length === 2;
    }, 'the report');
  });

  it('publishes again what a session wrote to a file after it was taken', async () => {
    const whole = rosterOf(5);
    const late = (whole['students.csv'] ?? '').slice(-30);
    const watcher = drop.watcher(services, {
      onStep: (step) => {
        const [set = ''] = drop.names('.work', id);
        // By the name it has now; to an open handle names are nothing.
        if (step === 'sealed' && late !== '' && drop.names('.work', id).length === 1 && !isLate) {
          isLate = true;
          appendFileSync(join(drop.folder, '.work', id, set, 'originals', 'students.csv'), late);
        }
      },
    });
    let isLate = false;
    drop.upload(id, { ...whole, 'students.csv': (whole['students.csv'] ?? '').slice(0, -30) });
    await workOff(watcher);
    expect(await students()).toBe(5);
    expect((await trail()).length).toBe(2);
  });

  it('refuses a set with a file that the district keeps to itself', async () => {
    if (process.getuid?.() !== 0) return;
    drop.upload(id, rosterOf(2));
    chmodSync(join(drop.incoming(id), 'students.csv'), 0o600);
    for (const path of [drop.folder, join(drop.folder, id), drop.incoming(id)]) chownSync(path, 65_534, 65_534);
    letAnyUserPass(place);
    process.seteuid?.(65_534);
    try {
      await workOff(drop.watcher(services));
    } finally {
      process.seteuid?.(0);
    }
    expect(drop.report(id)).toMatchObject({
      result: 'refused',
      findings: [{ code: 'file_unreadable', file: 'students.csv' }],
    });
  });

  it('follows a link that the operator has put in place of the drop itself', async () => {
    symlinkSync(drop.folder, `${drop.folder}-link`);
    drop.upload(id, rosterOf(2));
    await workOff(drop.watcher(services, { drop: `${drop.folder}-link` })).finally(() => rmSync(`${drop.folder}-link`));
    expect(await students()).toBe(2);
  });

  it.each(['incoming', 'outgoing'])('follows no link in place of %s', async (name) => {
    const elsewhere = makeDrop();
    drop.upload(id, rosterOf(2));
    for (const [file, text] of Object.entries(rosterOf(3))) writeFileSync(join(elsewhere.folder, file), text);
    rmSync(join(drop.folder, id, name), { recursive: true, force: true });
    symlinkSync(elsewhere.folder, join(drop.folder, id, name));
    const watcher = drop.watcher(services);
    for (let check = 0; check < 8; check += 1) {
      await watcher.check();
      await sleep(20);
    }
    expect(elsewhere.names()).toEqual(Object.keys(rosterOf(3)).sort());
    await elsewhere.stop();
  });

  it('says once that there is no drop folder', async () => {
    const watcher = drop.watcher(services, { drop: join(drop.folder, 'nowhere') });
    await watcher.check();
    await watcher.check();
    expect(drop.logged).toEqual([{ event: 'drop-missing' }]);
  });

  it('tries again later where a report cannot be written, and publishes only once', async () => {
    writeFileSync(join(drop.folder, id, 'outgoing'), 'in the way');
    drop.upload(id, rosterOf(2));
    const watcher = drop.watcher(services);
    await until(async () => {
      await watcher.check();
      return drop.logged.some(({ event }) => event === 'drop-failed');
    }, 'a failure');
    rmSync(join(drop.folder, id, 'outgoing'));
    await workOff(watcher);
    expect(drop.names(id, 'outgoing')).toHaveLength(2);
    expect(await trail()).toEqual(['roster_published']);
  });
});
