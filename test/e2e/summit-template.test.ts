// Summit's two templates, published by command and by upload: each role signs in with its position, and a later move to
// files with ids keeps every account and live session.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleverIdOf, type District, type Person } from '../../sandbox/clever/person.ts';
import { makeBook, row } from '../formats/spreadsheet/spreadsheet-maker.ts';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import type { Client } from '../helpers/bridge-client.ts';

const book = (name: string, text: string) =>
  makeBook({
    sheets: [
      {
        name,
        rows: text
          .trim()
          .split('\n')
          .map((line, index) => row(index + 1, ...line.split(',')))
          .join(''),
      },
    ],
  });

const files = {
  'students.xlsx': book(
    'Students',
    'School Name,First Name,Last Name,District-Assigned Email,Student ID#,Grade Level\nNorth,Given,Student,s@slate.example,001,3',
  ),
  'staff.xlsx': book(
    'Your Roster',
    `School Name,District-Assigned Email,First Name,Last Name,Grade,Summit K12 Role,Subject
Slate,d@slate.example,Given,District,,District Admin,
North,a@slate.example,Given,School,,School Admin,
North,l@slate.example,Given,Lead,3,Lead Teacher,Math
North,u@slate.example,Given,Support,3,Support Teacher,`,
  ),
};

const withIds = {
  'students.csv': 'School_id,Student_id,Last_name,First_name,Student_email\n1,001,Student,Given,s@slate.example\n',
  'teachers.csv':
    'School_id,Teacher_id,Last_name,First_name,Teacher_email\n1,t1,Lead,Given,l@slate.example\n1,t2,Support,Given,u@slate.example\n',
  'staff.csv':
    'School_id,Staff_id,Last_name,First_name,Staff_email,Role\n,d1,District,Given,d@slate.example,District administrator\n1,a1,School,Given,a@slate.example,School administrator\n',
  'schools.csv': 'School_id,School_name\n1,North\n',
};

/** Its `identifier` is what the templates call Student ID#. */
const oneRoster = {
  'orgs.csv': 'sourcedId,name,type,identifier,parentSourcedId\no1,Slate,district,,\no2,North,school,,o1\n',
  'users.csv': `sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,identifier,email
u1,true,o2,student,Given,Student,001,s@slate.example
u2,true,o1,administrator,Given,District,7001,d@slate.example
u3,true,o2,administrator,Given,School,7002,a@slate.example
u4,true,o2,teacher,Given,Lead,7003,l@slate.example
u5,true,o2,teacher,Given,Support,7004,u@slate.example
`,
};

/** What each district sends next. */
const later = {
  'slate-command': { files: withIds, format: 'clever' },
  'slate-upload': { files: oneRoster, format: 'oneroster-1.1' },
} as const;

const people = [
  ['s', 'student', 'student', undefined],
  ['d', 'staff', 'administrator', 'district_admin'],
  ['a', 'staff', 'administrator', 'school_admin'],
  ['l', 'teacher', 'teacher', 'lead_teacher'],
  ['u', 'teacher', 'teacher', 'support_teacher'],
] as const;

const districts = (['slate-command', 'slate-upload'] as const).map((slug) => {
  const district: District = { id: cleverIdOf(slug), slug, name: slug, apps: ['summit-k12'] };
  return { ...district, slug };
});
const atClever = districts.flatMap(({ id: district, slug }) =>
  people.map(([key, userType]): Person => {
    const id = cleverIdOf(`${slug}/${key}`);
    const names = { givenName: 'Given', familyName: key };
    return { id, legacyId: id, district, userType, email: `${key}@slate.example`, sisId: key, ...names };
  }),
);

describe.each(engines)('templates on the %s store', (engine) => {
  let fixture: Fixture;
  let folder: string;
  let admin: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sso-summit-template-'));
    fixture = await startFixture({ engine, rosters: 'none', people: atClever, clever: { districts } });
    const { json } = await fixture.command('credential', 'create', '--scope', 'admin', '--name', 'templates');
    admin = { authorization: `Bearer ${json['secret']}` };
    for (const { slug, id } of districts) {
      const words = ['--clever-id', id, '--name', slug, '--rostering', 'manual,sftp', '--oneroster-id', 'identifier'];
      expect((await fixture.command('district', 'put', slug, ...words)).exitCode).toBe(0);
    }
  }, 300_000);
  afterAll(async () => {
    await fixture.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  type Files = Readonly<Record<string, Uint8Array | string>>;

  async function publish(slug: string, method: string, sent: Files): Promise<object> {
    if (slug === 'slate-upload') {
      const form = new FormData();
      for (const [name, content] of Object.entries(sent)) form.append('files', new Blob([Buffer.from(content)]), name);
      const address = `${fixture.publicUrl}/districts/${slug}/rosters/${method}`;
      return Object(await (await fetch(address, { method: 'POST', headers: admin, body: form })).json());
    }
    const path = mkdtempSync(join(folder, 'set-'));
    for (const [name, content] of Object.entries(sent)) writeFileSync(join(path, name), content);
    return (await fixture.command('roster', 'publish', path, '--district', slug, '--method', method)).json;
  }

  async function readSession(client: Client) {
    const { status, body } = await client.once(`${fixture.publicUrl}/session`, { accept: 'application/json' });
    return { status, ...Object(JSON.parse(body)) };
  }

  async function signIn(slug: string, key: string): Promise<Client> {
    const client = fixture.browser();
    const answer = await client.open(fixture.launchAddress(cleverIdOf(`${slug}/${key}`)));
    expect(isAtProduct(fixture, answer)).toBe(true);
    return client;
  }

  it.each(districts)(
    'in $slug each role has its position, and keeps account and session with ids',
    async ({ slug }) => {
      expect(await publish(slug, 'manual', files)).toMatchObject({
        result: 'published',
        format: 'summit-template',
        accounts: { student: 1, teacher: 2, administrator: 2 },
      });
      for (const [name, content] of Object.entries(files)) {
        expect(await publish(slug, 'manual', { [name]: content })).toMatchObject({ result: 'published' });
      }
      const before = new Map<string, { client: Client; id: string }>();
      for (const [key, , role, position] of people) {
        const client = await signIn(slug, key);
        const { status, account } = await readSession(client);
        expect([status, account.role, account.position]).toEqual([200, role, position]);
        before.set(key, { client, id: account.id });
      }
      const { files: sent, format } = later[slug];
      expect(await publish(slug, 'sftp', sent)).toMatchObject({ result: 'published', format });
      for (const [key, { client, id }] of before) {
        expect(await readSession(client)).toMatchObject({ status: 200, account: { id } });
        expect(await readSession(await signIn(slug, key))).toMatchObject({ status: 200, account: { id } });
      }
    },
  );
});
