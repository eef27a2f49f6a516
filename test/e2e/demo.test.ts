// `npm run demo`, as a person at a terminal meets it: what is printed, one sign-in, one refusal looked up, Ctrl-C.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { syncPeople } from '../../sandbox/clever/data-people.ts';
import { handRosteredPeople } from '../../sandbox/clever/hand-rostered-people.ts';
import { oneRosterPeople } from '../../sandbox/clever/oneroster-people.ts';
import { demoPerson } from '../../sandbox/clever/people.ts';
import { findBuilt, root } from '../helpers/bridge-build.ts';
import { createClient } from '../helpers/bridge-client.ts';
import { until } from '../helpers/bridge-process.ts';

const run = promisify(execFile);

function startDemo() {
  const file = findBuilt('sandbox/demo/main.js');
  const child = spawn(process.execPath, [file], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const asides: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  createInterface(child.stderr).on('line', (line) => asides.push(line));
  const abandon = () => child.kill('SIGTERM');
  process.once('exit', abandon);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve)).finally(() =>
    process.off('exit', abandon),
  );
  const find = (pattern: RegExp) => pattern.exec(lines.join('\n'))?.[1] ?? '';
  return {
    lines,
    asides,
    find,
    ready: () => until(() => lines.some((line) => line.includes('Ctrl-C')), 'the demo to be ready'),
    async interrupt(): Promise<number | null> {
      child.kill('SIGINT');
      return ended;
    },
  };
}

const answers = (address: string) =>
  fetch(address).then(
    () => true,
    () => false,
  );

/** A port that another process has already is fine too. */
async function takePort(port: number) {
  const neighbour = createServer().listen(port);
  await new Promise((resolve) => neighbour.once('listening', resolve).once('error', resolve));
  return neighbour;
}

describe('the demo', () => {
  it('is ready, signs a person in, explains a refusal, and leaves nothing behind', async () => {
    const demo = startDemo();
    let addresses: string[] = [];
    let folder = '';
    try {
      await demo.ready();
      const portal = demo.find(/(http:\S+)/);
      expect(demo.lines.find((line) => line !== '')).toContain(portal);
      expect((await createClient().open(portal)).body).toContain('Who would you like to be?');
      const support = demo.find(/open (\S+\/support) and sign in as/);
      addresses = [portal, demo.find(/^Bridge (\S+)/m), demo.find(/product (\S+)/), demo.find(/metrics (\S+)/)];

      const client = createClient();
      const launch = (key: string) => `${portal}/portal/launch?app=summit-k12&person=${demoPerson(key).id}`;
      expect((await client.open(launch('student'))).body).toContain('Hello, Marisol Okafor');
      // The second product, at another site, by the session that the bridge has.
      const coach = demo.find(/Reading Coach (http:\S+)/);
      addresses.push(coach);
      expect((await client.open(coach)).body).toContain('You are not signed in');
      expect((await client.open(`${coach}/login`)).body).toContain('Hello, Marisol Okafor');
      const refusal = await client.open(launch('capital'));
      const [, reference = ''] = /([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z])</.exec(refusal.body) ?? [];
      const command = demo.find(/^ +(STORE_URL=.* --reference) /m);
      const { stdout } = await run('sh', ['-c', `${command} ${reference}`], { cwd: root });
      expect(stdout).toContain(`${reference}  `);
      expect(stdout).toContain('email_mismatch (case)');

      const { stdout: credentials } = await run(
        'sh',
        ['-c', `${command.replace(/ attempts .*/, '')} credential list --json`],
        { cwd: root },
      );
      const isUsed = { scope: 'product', name: 'Demo product', last_used_at: expect.any(String) };
      expect(JSON.parse(credentials).credentials).toMatchObject([isUsed]);

      const supportPages = createClient();
      const choice = await supportPages.open(`${support}/login`);
      addresses.push(choice.url.origin);
      const [, path = ''] = /href="([^"]+)">casey@support\.example</.exec(choice.body) ?? [];
      const home = await supportPages.open(new URL(path, choice.url));
      expect(home.body).toContain('Find a failed sign-in');
      const spoken = reference.toLowerCase().replaceAll('-', '').replaceAll('0', 'o');
      const [, form = ''] = /name="form" value="(\w+)"/.exec(home.body) ?? [];
      const found = await supportPages.open(`${support}/search`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ form, q: spoken }).toString(),
      });
      expect(found.body).toContain('capital T, capital A');

      const [launchedThere] = oneRosterPeople;
      const there = await createClient().open(`${portal}/portal/launch?app=summit-k12&person=${launchedThere?.id}`);
      expect(there.url.href).toBe(`${coach}/`);
      for (const { id, givenName, expectedOutcome } of [...oneRosterPeople, ...handRosteredPeople]) {
        const answer = await createClient().open(`${portal}/portal/launch?app=summit-k12&person=${id}`);
        const isSignedIn = expectedOutcome.kind === 'signed-in';
        expect(answer.status).toBe(isSignedIn ? 200 : 403);
        expect(answer.body.includes(`Hello, ${givenName}`)).toBe(isSignedIn);
      }

      const launchSynced = (key: string) =>
        `${portal}/portal/launch?app=secure-sync&person=${syncPeople.find((person) => person.key === key)?.id}`;
      for (const key of ['sync-no-email', 'sync-new-address', 'sync-new-student', 'provisioned-teacher']) {
        const given = syncPeople.find((person) => person.key === key)?.givenName;
        expect((await createClient().open(launchSynced(key))).body).toContain(`Hello, ${given}`);
      }
      expect(demo.lines.join('\n')).toMatch(/9 people at Clever: 3 will get in, 6 will not/);

      const preflight = demo.find(/^ +(STORE_URL=.* preflight .*)$/m);
      const result = await run('sh', ['-c', preflight], { cwd: root }).catch((refused) => refused);
      expect([result.code, result.stdout]).toEqual([1, expect.stringContaining('3 will get in, 6 will not')]);
      const page = demo.find(/or upload it, as \S+, at (\S+)/);
      expect((await createClient().open(page)).status).not.toBe(404);

      folder = dirname(command.replace(/^STORE_URL=embedded:(\S+) .*$/, '$1'));
      expect(existsSync(folder)).toBe(true);
      expect(demo.asides.filter((line) => !/^Port \d+ is taken/.test(line))).toEqual([]);
    } finally {
      expect(await demo.interrupt()).toBe(0);
    }
    expect(await Promise.all(addresses.map(answers))).toEqual([false, false, false, false, false, false]);
    expect(existsSync(folder)).toBe(false);
  });

  it('says so and goes elsewhere when a port is taken', async () => {
    const neighbour = await takePort(4000);
    const demo = startDemo();
    try {
      await demo.ready();
      const portal = demo.find(/(http:\S+)/);
      expect(new URL(portal).port).not.toBe('4000');
      expect(demo.asides).toContain(`Port 4000 is taken; using ${new URL(portal).port}.`);
      expect(await answers(portal)).toBe(true);
    } finally {
      neighbour.close();
      expect(await demo.interrupt()).toBe(0);
    }
  });

  it('stops cleanly when it is interrupted before it is ready', async () => {
    const neighbour = await takePort(4000);
    const demo = startDemo();
    try {
      await until(() => demo.asides.length > 0, 'the demo to look for ports');
    } finally {
      neighbour.close();
      expect(await demo.interrupt()).toBe(0);
    }
    expect(demo.asides.filter((line) => !/^Port \d+ is taken/.test(line))).toEqual([]);
  });
});
