// Faults caused by people: a hostile district, a careless one, an attacker without an account. Bounded in count
// and time. Counts their requests and the effect on others; judge.ts checks all sign-ins as in every run.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sideBySide } from '../drive-sign-ins.ts';
import { cleverDistrictOf, emailOf, sisIdOf } from '../students.ts';
import { districts, type Fault, type Lab, studentsOfDistrict } from './lab.ts';
import { ask, type SeenAnswer } from './traffic.ts';

/** Generous, because the machine may be busy with other work; the report has the actual time. */
const patienceMs = 60_000;

type Rows = readonly (readonly string[])[];

const csv = (rows: Rows): string => rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n');
const studentsHeader = ['School_id', 'Student_id', 'Student_email', 'First_name', 'Last_name'];
const students = (rows: Rows) => csv([studentsHeader, ...rows]);
const otherFiles: Readonly<Record<string, string>> = {
  'schools.csv': csv([
    ['School_id', 'School_name'],
    ['1', 'School'],
  ]),
  'teachers.csv': csv([['School_id', 'Teacher_id', 'Teacher_email', 'First_name', 'Last_name']]),
};
/** As prepare-district.ts publishes them. */
const studentRowsOf = (district: string, count = studentsOfDistrict): Rows =>
  Array.from({ length: count }, (_, number) => [
    '1',
    sisIdOf({ district, number }),
    emailOf({ district, number }),
    'Student',
    `${number}`,
  ]);

async function upload(lab: Lab, district: string, files: Readonly<Record<string, string>>): Promise<SeenAnswer> {
  const body = new FormData();
  for (const [name, text] of Object.entries(files)) body.append('file', new Blob([text]), name);
  const headers = { authorization: lab.admin };
  return ask(
    `${lab.bridges[0]?.url}/districts/${district}/rosters/sftp`,
    { method: 'POST', headers, body },
    patienceMs,
  );
}

async function put(lab: Lab, district: string, rostering: readonly string[]): Promise<SeenAnswer> {
  return ask(
    `${lab.bridges[0]?.url}/districts/${district}`,
    {
      method: 'PUT',
      headers: { authorization: lab.admin, 'content-type': 'application/json' },
      body: JSON.stringify({ clever_id: cleverDistrictOf(district), name: district, rostering }),
    },
    patienceMs,
  );
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** A neighbour's uploads, one after the other while the work goes on; each has to be published. */
async function besideUploads(lab: Lab, work: () => Promise<unknown>): Promise<void> {
  const own = 'elder';
  await put(lab, own, ['sftp']);
  let isOver = false;
  const uploads: SeenAnswer[] = [];
  const uploading = async () => {
    while (!isOver || uploads.length === 0) {
      uploads.push(await upload(lab, own, { ...otherFiles, 'students.csv': students(studentRowsOf(own, 50)) }));
      await sleep(200);
    }
  };
  const others = uploading();
  await work().finally(() => {
    isOver = true;
  });
  await others;
  const lost = uploads.filter(({ status, body }) => status !== 200 || body['result'] !== 'published');
  if (lost.length > 0)
    lab.broken.push(`${lost.length} uploads of another district were not published (${lost[0]?.status})`);
  const slowest = Math.max(...uploads.map(({ ms }) => ms));
  lab.facts.push(`${uploads.length} uploads of another district meanwhile, the slowest in ${seconds(slowest)}`);
}

/** Each is answered in time by a status of the contract. */
function expectAnswer(lab: Lab, what: string, { status, ms, body }: SeenAnswer, wanted: readonly number[]): void {
  const result = body['result'] ?? body['code'] ?? '';
  lab.facts.push(`${what}: ${status} ${result} in ${seconds(ms)}`);
  if (!wanted.includes(status)) lab.broken.push(`${what} was answered with ${status}`);
}

const crowd = 3_000;
const files = 20_000;

const hostile: Fault = {
  name: 'district-hostile',
  title: `A district sends one address for ${crowd} students, cells of megabytes, ${files} files`,
  stores: ['embedded', 'redis'],
  lastsMs: 20_000,
  usesDrop: true,
  inject: (lab) =>
    besideUploads(lab, async () => {
      const own = 'hostile';
      await put(lab, own, ['sftp']);
      const incoming = join(lab.drop, own, 'incoming');
      mkdirSync(incoming, { recursive: true });
      for (let file = 0; file < files; file += 1) writeFileSync(join(incoming, `${file}.csv`), '');
      const alike = studentRowsOf(own, crowd).map(([school, id]) => [
        school ?? '',
        id ?? '',
        emailOf({ district: own, number: 0 }),
        'A',
        'B',
      ]);
      const crowded = await upload(lab, own, { ...otherFiles, 'students.csv': students(alike) });
      expectAnswer(lab, 'one address for all', crowded, [200]);
      const ofCrowd = Array.from({ length: 20 }, (_, index) => index);
      const answers = await sideBySideAll(ofCrowd, 2, () => lab.signIn({ district: own, number: 0 }));
      const slowest = Math.max(...answers.map(({ ms }) => ms));
      lab.facts.push(
        `${answers.length} sign-ins with that address: ${answers[0]?.outcome}, the slowest in ${seconds(slowest)}`,
      );
      if (answers.some(({ outcome }) => outcome !== 'ambiguous'))
        lab.broken.push('an address of thousands was not ambiguous');
      const heavy = Array.from({ length: 20 }, (_, index) => [
        '1',
        `h${index}`,
        `${'\uFDFA'.repeat(40_000)}${index}@x.example`,
        'A',
        'B',
      ]);
      expectAnswer(
        lab,
        'cells of megabytes',
        await upload(lab, own, { ...otherFiles, 'students.csv': students(heavy) }),
        [200, 409, 422],
      );
    }),
  heal: async () => undefined,
};

async function sideBySideAll<Item, Value>(items: readonly Item[], width: number, work: (item: Item) => Promise<Value>) {
  const done: Value[] = [];
  await sideBySide(items, width, async (item) => void done.push(await work(item)));
  return done;
}

/** Of a district whose students keep signing in: nothing of it may take effect. */
const clumsy: Fault = {
  name: 'district-clumsy',
  title: 'A district removes its method, sends every user twice, half a file, and a set without a file',
  stores: ['embedded', 'redis'],
  lastsMs: 14_000,
  inject: (lab) =>
    besideUploads(lab, async () => {
      const own = districts[3] ?? '';
      const all = studentRowsOf(own);
      expectAnswer(lab, 'method removed', await put(lab, own, ['manual']), [409, 422]);
      const again = all.map(([school = '', id = '', ...rest]) => [school, `9${id}`, ...rest]);
      const doubled = await upload(lab, own, { ...otherFiles, 'students.csv': students([...all, ...again]) });
      expectAnswer(lab, 'every user twice', doubled, [409, 422]);
      const text = students(all);
      const cut = await upload(lab, own, { ...otherFiles, 'students.csv': text.slice(0, text.length / 2) });
      expectAnswer(lab, 'half a file', cut, [409, 422]);
      const [, ...noStudents] = Object.entries(otherFiles);
      expectAnswer(lab, 'a file missing', await upload(lab, own, Object.fromEntries(noStudents)), [422]);
      await breakOff(lab, own, text);
      for (const { body } of [doubled, cut])
        if (body['result'] === 'published') lab.broken.push('a roster that locks most people out was published');
    }),
  heal: async () => undefined,
};

/** The connection breaks in the middle of the body. */
async function breakOff(lab: Lab, district: string, text: string): Promise<void> {
  const { hostname, port } = new URL(lab.bridges[0]?.url ?? '');
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `POST /districts/${district}/rosters/sftp HTTP/1.1`,
    'Host: localhost',
    `Authorization: ${lab.admin}`,
    'Content-Type: text/csv',
    `Content-Length: ${text.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${text.slice(0, text.length / 2)}`);
  await sleep(300);
  socket.destroy();
  lab.facts.push('an upload broken off: nothing of it');
}

const strangersAddress = { 'x-forwarded-for': '203.0.113.9' };
const requestsOfStranger = 3_000;

const stranger: Fault = {
  name: 'stranger',
  title: 'An attacker floods every route that needs no credential, from one address',
  stores: ['embedded', 'redis'],
  lastsMs: 20_000,
  env: { LIMITS: 'on', TRUST_PROXY: '1' },
  inject: async (lab) => {
    const before = await lab.keptBytes();
    const url = lab.bridges[0]?.url ?? '';
    const unread = Array.from({ length: 40 }, () => pipeline(url));
    const statuses: Record<string, number> = {};
    const until = performance.now() + 15_000;
    const turns = Array.from({ length: requestsOfStranger }, (_, turn) => turn);
    await besideUploads(lab, () =>
      sideBySide(turns, 12, async (turn) => {
        if (performance.now() > until) return;
        const { status } = await knock(url, turn);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }),
    );
    for (const socket of unread) socket.destroy();
    const kept = (await lab.keptBytes()) - before;
    lab.facts.push(
      `answered ${Object.entries(statuses)
        .map(([status, count]) => `${count} with ${status}`)
        .join(', ')}`,
      `kept ${(kept / 2 ** 20).toFixed(1)} MB`,
    );
    if (kept > 32 * 2 ** 20) lab.broken.push(`the flood made the store grow by ${kept} bytes`);
    if ('500' in statuses) lab.broken.push('the flood was answered with 500');
  },
  heal: async () => undefined,
};

/** One of the requests that need no credential. */
async function knock(url: string, turn: number): Promise<SeenAnswer> {
  const probe = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    ask(url + path, { redirect: 'manual', headers: { ...strangersAddress, ...headers } });
  switch (turn % 6) {
    case 0:
      return probe('/oauth/clever/callback?code=made-up&state=made-up');
    case 1:
      return probe('/session', { authorization: `Bearer ${'x'.repeat(2_000)}` });
    case 2:
      return probe(`/support/attempts/${turn}`, { authorization: 'Bearer nobody' });
    case 3:
      return probe(`/nowhere/${turn}`, { cookie: `a=${'y'.repeat(6_000)}` });
    default: {
      const begun = await fetch(`${url}/login`, { redirect: 'manual', headers: strangersAddress }).catch(
        () => undefined,
      );
      await begun?.body?.cancel();
      const state = new URL(begun?.headers.get('location') ?? 'x:/').searchParams.get('state') ?? '';
      const cookies = begun?.headers.getSetCookie() ?? [];
      const cookie = cookies.map((line) => line.split(';')[0]).join('; ');
      const answer = turn % 6 === 4 ? 'error=access_denied' : `code=made-up-${turn}`;
      return probe(`/oauth/clever/callback?state=${encodeURIComponent(state)}&${answer}`, { cookie });
    }
  }
}

/** Asks many times on one connection and reads nothing. */
function pipeline(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n'.repeat(200));
  return socket;
}

export const peopleFaults: readonly Fault[] = [hostile, clumsy, stranger];
