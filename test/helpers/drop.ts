// A drop folder with one district or more, watchers over it, and uploads, for tests without sshd.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublishSet, type PublishSet } from '../../src/sftp-drop/publish-set.ts';
import {
  createDropWatcher,
  type DropTimes,
  type DropWatcher,
  type DropWatcherNeeds,
} from '../../src/sftp-drop/watch-drop.ts';
import type { TestServices } from './services.ts';

/** Short enough for a test, long enough that two looks lie apart. */
export const quickTimes: DropTimes = {
  pollMs: 10,
  settleMs: 60,
  abandonedMs: 400,
  takenMs: 5,
  keptMs: 7 * 86_400_000,
  leaseMs: 2_000,
};

export interface LoggedEvent {
  readonly event: string;
  readonly [fact: string]: unknown;
}

export interface TestDrop {
  readonly folder: string;
  readonly logged: LoggedEvent[];
  incoming(districtId: string): string;
  makeDistrict(districtId: string): void;
  upload(districtId: string, files: Readonly<Record<string, string>>): void;
  /** Names in a folder of the drop; none if it does not exist. */
  names(...path: readonly string[]): string[];
  report(districtId: string): Readonly<Record<string, unknown>>;
  watcher(services: TestServices, more?: Partial<DropWatcherNeeds>): DropWatcher;
  /** Closes the watchers and removes the folder. */
  stop(): Promise<void>;
}

export function makeDrop(): TestDrop {
  const folder = mkdtempSync(join(tmpdir(), 'sso-drop-'));
  const logged: LoggedEvent[] = [];
  const watchers: DropWatcher[] = [];
  const log = {
    info: (event: string, facts = {}) => void logged.push({ event, ...facts }),
    warn: (event: string, facts = {}) => void logged.push({ event, ...facts }),
    failure: (failure: unknown) => void logged.push({ event: 'failure', failure }),
  };
  const incoming = (districtId: string) => join(folder, districtId, 'incoming');
  return {
    folder,
    logged,
    incoming,
    makeDistrict: (districtId) => void mkdirSync(incoming(districtId), { recursive: true }),
    upload(districtId, files) {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(incoming(districtId), name), text);
    },
    names(...path) {
      try {
        return readdirSync(join(folder, ...path)).sort();
      } catch {
        return [];
      }
    },
    report: (districtId) => JSON.parse(readFileSync(join(folder, districtId, 'outgoing', 'report.json'), 'utf8')),
    watcher(services, more = {}) {
      const watcher = createDropWatcher({
        ...services,
        drop: folder,
        publishSet: publishSetOf(services),
        log,
        ...more,
        times: { ...quickTimes, ...more.times },
      });
      watchers.push(watcher);
      return watcher;
    },
    async stop() {
      await Promise.all(watchers.map((watcher) => watcher.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const publishSetOf = (services: TestServices): PublishSet => createPublishSet(services);

const studentHeader = 'School_id,Student_id,First_name,Last_name,Student_email,Grade\n';

/** A whole roster: as many students as said, one teacher. Every cell with a person in it begins with a capital Q, or ends with the domain. */
export function rosterOf(students: number, domain = 'quince.example'): Record<string, string> {
  const rows = Array.from({ length: students }, (_, n) => `1,Q${n},Qgiven${n},Qfamily${n},student.${n}@${domain},5\n`);
  return {
    'schools.csv': 'School_id,School_name\n1,Qschool\n',
    'students.csv': studentHeader + rows.join(''),
    'teachers.csv': `School_id,Teacher_id,First_name,Last_name,Teacher_email\n1,QT1,Qann,Qteach,ann@${domain}\n`,
  };
}
