// A server that dies, or is put to sleep, at any step of an upload: published once and whole in the end, nothing lost.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DropStep } from '../../src/sftp-drop/district-work.ts';
import type { DropWatcher } from '../../src/sftp-drop/watch-drop.ts';
import { until } from '../helpers/bridge-process.ts';
import { type CompiledChild, compileChild } from '../helpers/compile-child.ts';
import { makeDrop, quickTimes, rosterOf, type TestDrop } from '../helpers/drop.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { embedded, engines, type Place, type StoreFixture } from '../helpers/stores.ts';

const id = 'quince';
const steps: readonly DropStep[] = [
  'set_made',
  'file_taken',
  'taken',
  'file_copied',
  'set_aside',
  'sealed',
  'published',
  'report_written',
  'put_away',
];

let storeFixture: StoreFixture;
let place: Place;
let services: TestServices;
let drop: TestDrop;

async function setUp(): Promise<void> {
  place = storeFixture.place();
  services = await createServices(await place.open());
  await services.districts.put({ id, cleverId: 'a'.repeat(24), name: 'Quince', rostering: ['sftp'] });
  drop = makeDrop();
  drop.makeDistrict(id);
}

const trail = async () => (await services.auditLog.list(id, 50)).map(({ action }) => action);

async function workOff(watcher: DropWatcher): Promise<void> {
  await until(async () => {
    await watcher.check();
    return drop.names(id, 'incoming').length + drop.names('.work', id).length === 0;
  }, 'the drop to be worked off');
}

/** One roster in force, published once; the former one still there for a rollback. */
async function expectPublishedOnce(students: number): Promise<void> {
  const { published } = await services.rosters.read(id, 0);
  expect(published.feeds.sftp?.active?.report.accounts.student).toBe(students);
  expect(published.feeds.sftp?.former?.report.accounts.student).toBe(2);
  expect(await trail()).toEqual(['roster_published', 'roster_published']);
  expect(drop.report(id)).toMatchObject({ result: 'published', accounts: { student: students } });
}

describe.each(engines)('an upload on $name', ({ start }) => {
  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(setUp);
  afterEach(() => drop.stop());

  it.each(steps)('is published once where the work breaks off behind "%s"', async (last) => {
    drop.upload(id, rosterOf(2));
    await workOff(drop.watcher(services));
    drop.upload(id, rosterOf(4));
    let isBroken = false;
    const breaking = drop.watcher(services, {
      onStep: (step) => {
        if (isBroken || step !== last) return;
        isBroken = true;
        throw new Error('the power went');
      },
    });
    await until(async () => {
      await breaking.check();
      return isBroken;
    }, 'the crash');
    await breaking.close();
    await workOff(drop.watcher(services));
    await expectPublishedOnce(4);
  });

  it('goes on where it stopped, when the server is stopped in the middle of a publish', async () => {
    drop.upload(id, rosterOf(2));
    await workOff(drop.watcher(services));
    drop.upload(id, rosterOf(4));
    const stopped = drop.watcher(services, {
      onStep: (step) => (step === 'sealed' ? void stopped.close() : undefined),
    });
    await until(async () => {
      await stopped.check();
      return drop.names('.work', id).length > 0;
    }, 'the set');
    await stopped.close();
    expect(await trail()).toHaveLength(1);
    expect(drop.logged.at(-1)).toEqual({ event: 'drop-interrupted', district: id });
    await workOff(drop.watcher(services));
    await expectPublishedOnce(4);
  });

  it('is published once by several servers that watch one drop', async () => {
    const others = await Promise.all([1, 2].map(async () => createServices(await place.open())));
    const watchers = [services, ...others].map((each) => drop.watcher(each));
    for (const watcher of watchers) watcher.start();
    for (const students of [2, 3, 4]) {
      drop.upload(id, rosterOf(students));
      await until(async () => (await trail()).length === students - 1, 'a publish');
      await until(() => drop.names('.work', id).length === 0, 'the files to be put away');
    }
    await Promise.all(watchers.map((watcher) => watcher.close()));
    expect(await trail()).toHaveLength(3);
    const { published } = await services.rosters.read(id, 0);
    expect(published.feeds.sftp?.active?.report.accounts.student).toBe(4);
    expect(published.feeds.sftp?.former?.report.accounts.student).toBe(3);
    expect(drop.logged.filter(({ event }) => event === 'failure')).toEqual([]);
  });

  it.each(['published', 'sealed', 'set_aside', 'taken'] as const)(
    'is published once by two servers, where the first sleeps past its lease at "%s" and wakes up',
    async (where) => {
      drop.upload(id, rosterOf(2));
      await workOff(drop.watcher(services));
      drop.upload(id, rosterOf(4));
      let wake: () => void = () => undefined;
      const awake = new Promise<void>((resolve) => {
        wake = resolve;
      });
      let isAsleep = false;
      // Nothing of it answers while it sleeps, so its lease is not renewed.
      const sleeper = drop.watcher(services, {
        store: { ...services.store, commit: async (...args) => (isAsleep ? false : services.store.commit(...args)) },
        times: { ...quickTimes, leaseMs: 60 },
        onStep: async (step) => {
          if (step !== where || isAsleep) return;
          isAsleep = true;
          await awake;
        },
      });
      const sleeping = until(async () => {
        await sleeper.check();
        return isAsleep;
      }, 'the first server to sleep');
      await until(() => isAsleep, 'sleep');
      await workOff(drop.watcher(await createServices(await place.open()), { times: { ...quickTimes, leaseMs: 60 } }));
      wake();
      await sleeping;
      await workOff(drop.watcher(services));
      await expectPublishedOnce(4);
    },
  );
});

describe('an upload whose server is killed', () => {
  let compiled: CompiledChild;
  beforeAll(async () => {
    storeFixture = await embedded.start();
    compiled = await compileChild('test/helpers/drop-child.ts');
  });
  afterAll(async () => {
    compiled.remove();
    await storeFixture.stop();
  });
  beforeEach(setUp);
  afterEach(() => drop.stop());

  it.each(steps)('at "%s" is published once by the next', async (step) => {
    drop.upload(id, rosterOf(2));
    await workOff(drop.watcher(services));
    drop.upload(id, rosterOf(4));
    const child = startChild(step);
    expect([await child.ended, child.said.join('')]).toEqual(['SIGKILL', '']);
    await workOff(drop.watcher(services));
    await expectPublishedOnce(4);
  });

  it.each([0, 30, 100, 200, 300, 400])('%i ms into a publish is published once by the next', async (delay) => {
    drop.upload(id, rosterOf(2));
    await workOff(drop.watcher(services));
    drop.upload(id, rosterOf(900));
    const child = startChild('none');
    await until(() => drop.names('.work', id).some((set) => drop.names('.work', id, set).includes('set')), 'the set');
    await sleep(delay);
    child.kill();
    expect([await child.ended, child.said.join('')]).toEqual(['SIGKILL', '']);
    await workOff(drop.watcher(services));
    await expectPublishedOnce(900);
  });

  function startChild(step: string) {
    const child = spawn(process.execPath, [compiled.file, place.url, drop.folder, step]);
    const said: string[] = [];
    child.stderr.on('data', (data) => said.push(String(data)));
    const ended = new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)));
    return { said, ended, kill: () => child.kill('SIGKILL') };
  }
});
